# Airflow on ECS Fargate: scheduler (runs the tasks: LocalExecutor), api-server, parser (dag-processor), and the task
# `prepare`, which makes accounts, databases and schemas and is run once a version (docs/aws.md).

resource "aws_ecs_cluster" "main" {
  #checkov:skip=CKV_AWS_65:no alarm is made of its metrics, which cost by the service; CPU and memory of a service are there without
  name = var.name

  setting {
    name  = "containerInsights"
    value = "disabled"
  }
}

resource "aws_service_discovery_http_namespace" "main" {
  name = var.name
}

locals {
  image = "${aws_ecr_repository.main.repository_url}:${var.image_tag}"

  backend = {
    connections_prefix = "${var.name}/connections"
    # every other name is looked for in Airflow itself: asking for it here would be refused
    connections_lookup_pattern = "^(france_travail|warehouse)$"
    variables_prefix           = null
    config_prefix              = null
    region_name                = var.region
  }

  environment = {
    AWS_DEFAULT_REGION                       = var.region
    AIRFLOW_VAR_DATA_LAKE_BUCKET             = aws_s3_bucket.lake.id
    AIRFLOW_CONN_AWS_DEFAULT                 = jsonencode(local.aws_default)
    AIRFLOW_CONN_HISTORY_CATALOG             = jsonencode(local.history_catalog)
    AIRFLOW__SECRETS__BACKEND                = "airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend"
    AIRFLOW__SECRETS__BACKEND_KWARGS         = jsonencode(local.backend)
    AIRFLOW__LOGGING__REMOTE_LOGGING         = "True"
    AIRFLOW__LOGGING__REMOTE_LOG_CONN_ID     = "aws_default"
    AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER = "cloudwatch://${aws_cloudwatch_log_group.tasks.arn}"
    AIRFLOW__LOGGING__DELETE_LOCAL_LOGS      = "True"

    AIRFLOW__CORE__EXECUTOR                           = "LocalExecutor"
    AIRFLOW__CORE__PARALLELISM                        = tostring(local.size.scheduler.parallel_tasks)
    AIRFLOW__CORE__LOAD_EXAMPLES                      = "False"
    AIRFLOW__CORE__EXECUTION_API_SERVER_URL           = "http://api:8080/execution/"
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS          = "admin:admin"
    AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE = "/opt/airflow/config/passwords.json"
    AIRFLOW__API__BASE_URL                            = "https://${var.domain}"
    AIRFLOW__API_AUTH__JWT_ISSUER                     = "https://${var.domain}"
    AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK           = "True"
    AIRFLOW__LOGGING__DAG_PROCESSOR_LOG_TARGET        = "stdout"
    # uvicorn believes the balancer that people came by https
    FORWARDED_ALLOW_IPS = "*"
  }

  airflow_secrets = {
    AIRFLOW__DATABASE__SQL_ALCHEMY_CONN = "airflow/database"
    AIRFLOW__CORE__FERNET_KEY           = "airflow/fernet_key"
    AIRFLOW__API__SECRET_KEY            = "airflow/api_secret_key"
    AIRFLOW__API_AUTH__JWT_SECRET       = "airflow/jwt_secret"
  }

  probe = "import urllib.request as u; u.urlopen('%s', timeout=5)"

  services = {
    scheduler = {
      size    = local.size.scheduler
      role    = "tasks"
      command = ["airflow", "scheduler"]
      secrets = local.airflow_secrets
      probe   = format(local.probe, "http://127.0.0.1:8974/health")
      # two at once would each start tasks while one is stopped; nothing is lost while there is none
      minimum = 0
      maximum = 100
    }
    api = {
      size    = local.size.api
      role    = "ui"
      command = ["bash", "-c", "umask 077; printf %s \"$UI_LOGINS\" > /opt/airflow/config/passwords.json; unset UI_LOGINS; exec airflow api-server --proxy-headers"]
      secrets = merge(local.airflow_secrets, { UI_LOGINS = "airflow/ui_logins" })
      probe   = format(local.probe, "http://127.0.0.1:8080/api/v2/version")
      minimum = 100
      maximum = 200
    }
    parser = {
      size    = local.size.parser
      role    = null
      command = ["airflow", "dag-processor"]
      secrets = local.airflow_secrets
      # its own heart, as Airflow sees it; an api-server that does not answer is not its fault
      probe   = <<-PYTHON
        import json, sys, urllib.request
        try:
            health = json.load(urllib.request.urlopen('http://api:8080/api/v2/monitor/health', timeout=5))
        except OSError:
            sys.exit(0)
        sys.exit(health['dag_processor']['status'] == 'unhealthy')
      PYTHON
      minimum = 0
      maximum = 100
    }
  }
}

resource "aws_ecs_task_definition" "service" {
  #checkov:skip=CKV_AWS_336:Airflow writes its configuration and the log of a running task beside its code, as uid 50000, for whom Fargate makes no writable volume
  for_each = local.services

  family                   = "${var.name}-${each.key}"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = each.value.size.cpu
  memory                   = each.value.size.memory_mb
  execution_role_arn       = aws_iam_role.all["start"].arn
  task_role_arn            = each.value.role == null ? null : aws_iam_role.all[each.value.role].arn

  container_definitions = jsonencode([{
    name      = each.key
    image     = local.image
    essential = true
    user      = "50000:0"
    command   = each.value.command
    # Fargate gives no more; a task that is cut off goes on where it was when it is tried again
    stopTimeout  = 120
    environment  = [for name in sort(keys(local.environment)) : { name = name, value = local.environment[name] }]
    secrets      = [for name in sort(keys(each.value.secrets)) : { name = name, valueFrom = aws_secretsmanager_secret.made[each.value.secrets[name]].arn }]
    portMappings = each.key == "api" ? [{ name = "api", containerPort = 8080, hostPort = 8080, protocol = "tcp" }] : []
    healthCheck = {
      command     = ["CMD", "python", "-c", each.value.probe]
      interval    = 30
      timeout     = 15
      retries     = 5
      startPeriod = 120
    }
    logConfiguration = local.to_services["${each.key}"]
  }])
}

locals {
  to_services = {
    for name in concat(keys(local.services), ["prepare"]) : name => {
      logDriver = "awslogs"
      options = {
        awslogs-group         = aws_cloudwatch_log_group.services.name
        awslogs-region        = var.region
        awslogs-stream-prefix = name
      }
    }
  }
}

resource "aws_ecs_service" "all" {
  for_each = local.services

  name                               = each.key
  cluster                            = aws_ecs_cluster.main.id
  task_definition                    = aws_ecs_task_definition.service[each.key].arn
  desired_count                      = each.value.size.count
  launch_type                        = "FARGATE"
  deployment_minimum_healthy_percent = each.value.minimum
  deployment_maximum_percent         = each.value.maximum
  health_check_grace_period_seconds  = each.key == "api" ? 180 : null
  # Fargate has no rebalancing where none may run beside another
  availability_zone_rebalancing = "DISABLED"

  network_configuration {
    subnets         = aws_subnet.private[*].id
    security_groups = [aws_security_group.airflow.id]
  }

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  service_connect_configuration {
    enabled   = true
    namespace = aws_service_discovery_http_namespace.main.arn

    dynamic "service" {
      for_each = each.key == "api" ? ["api"] : []

      content {
        port_name = "api"

        client_alias {
          dns_name = "api"
          port     = 8080
        }

        # a report is written in seconds, a request of a task waits for nothing longer
        timeout {
          per_request_timeout_seconds = 60
        }
      }
    }
  }

  dynamic "load_balancer" {
    for_each = each.key == "api" ? ["api"] : []

    content {
      target_group_arn = aws_lb_target_group.ui.arn
      container_name   = "api"
      container_port   = 8080
    }
  }

  depends_on = [aws_lb_listener.https, aws_iam_role_policy.all, aws_secretsmanager_secret_version.made]
}

resource "aws_ecs_task_definition" "prepare" {
  #checkov:skip=CKV_AWS_336:as for the services
  family                   = "${var.name}-prepare"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 512
  memory                   = 2048
  execution_role_arn       = aws_iam_role.all["start_prepare"].arn

  container_definitions = jsonencode([{
    name      = "prepare"
    image     = local.image
    essential = true
    user      = "50000:0"
    command   = ["python", "-c", file("${path.module}/prepare.py")]
    environment = [
      # the image's entrypoint would wait for a database that this is yet to make
      { name = "CONNECTION_CHECK_MAX_COUNT", value = "0" },
      { name = "AIRFLOW__CORE__LOAD_EXAMPLES", value = "False" },
    ]
    secrets = [
      { name = "DATABASE_ADMIN", valueFrom = local.master_secret },
      { name = "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", valueFrom = aws_secretsmanager_secret.made["airflow/database"].arn },
      { name = "AIRFLOW__CORE__FERNET_KEY", valueFrom = aws_secretsmanager_secret.made["airflow/fernet_key"].arn },
      { name = "AIRFLOW_CONN_WAREHOUSE", valueFrom = aws_secretsmanager_secret.made["connections/warehouse"].arn },
      { name = "AIRFLOW_CONN_WAREHOUSE_OWNER", valueFrom = aws_secretsmanager_secret.made["connections/warehouse_owner"].arn },
      { name = "WAREHOUSE_ANALYST", valueFrom = aws_secretsmanager_secret.made["analyst"].arn },
    ]
    logConfiguration = local.to_services["prepare"]
  }])
}
