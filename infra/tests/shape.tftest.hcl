# What the set-up must be, whatever is edited: applied with a provider that asks nobody (`make infra`; `make test`, too).

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }

  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:eu-west-3:123456789012:key/11111111-2222-3333-4444-555555555555" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/any" }
  }

  mock_resource "aws_secretsmanager_secret" {
    defaults = { arn = "arn:aws:secretsmanager:eu-west-3:123456789012:secret:any-AbCdEf" }
  }

  mock_resource "aws_db_instance" {
    defaults = {
      address            = "jobmarket.abc.eu-west-3.rds.amazonaws.com"
      master_user_secret = [{ secret_arn = "arn:aws:secretsmanager:eu-west-3:123456789012:secret:rds!db-1-AbCdEf" }]
    }
  }

  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::jobmarket-lake-123456789012-eu-west-3" }
  }

  mock_resource "aws_glue_catalog_database" {
    defaults = { arn = "arn:aws:glue:eu-west-3:123456789012:database/history" }
  }

  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:eu-west-3:123456789012:log-group:/jobmarket/tasks" }
  }

  mock_resource "aws_sns_topic" {
    defaults = { arn = "arn:aws:sns:eu-west-3:123456789012:jobmarket-alarms" }
  }

  mock_resource "aws_lb" {
    defaults = { arn = "arn:aws:elasticloadbalancing:eu-west-3:123456789012:loadbalancer/app/jobmarket/0123456789abcdef" }
  }

  mock_resource "aws_lb_target_group" {
    defaults = { arn = "arn:aws:elasticloadbalancing:eu-west-3:123456789012:targetgroup/jobmarket/0123456789abcdef" }
  }

  mock_resource "aws_lb_listener" {
    defaults = { arn = "arn:aws:elasticloadbalancing:eu-west-3:123456789012:listener/app/jobmarket/0/1" }
  }

  mock_resource "aws_ecs_task_definition" {
    defaults = { arn = "arn:aws:ecs:eu-west-3:123456789012:task-definition/any:1" }
  }

  mock_resource "aws_service_discovery_http_namespace" {
    defaults = { arn = "arn:aws:servicediscovery:eu-west-3:123456789012:namespace/ns-1" }
  }
}

variables {
  image_tag       = "1.0.0"
  domain          = "airflow.example.org"
  certificate_arn = "arn:aws:acm:eu-west-3:123456789012:certificate/00000000-0000-0000-0000-000000000000"
  allowed_cidrs   = ["203.0.113.0/24"]
  alarm_email     = "data@example.org"
}

run "small" {
  assert {
    condition     = aws_s3_bucket_versioning.lake.versioning_configuration[0].status == "Enabled"
    error_message = "the lake is versioned"
  }

  assert {
    condition = alltrue([
      for rule in aws_s3_bucket_server_side_encryption_configuration.lake.rule :
      rule.apply_server_side_encryption_by_default[0].kms_master_key_id == aws_kms_key.data.arn
    ])
    error_message = "the lake is encrypted with the key of the data"
  }

  assert {
    condition     = aws_s3_bucket_public_access_block.lake.restrict_public_buckets && aws_s3_bucket_public_access_block.lake.block_public_policy && aws_s3_bucket_public_access_block.lake.block_public_acls && aws_s3_bucket_public_access_block.lake.ignore_public_acls
    error_message = "nobody can make the lake public"
  }

  assert {
    condition     = toset([for rule in aws_s3_bucket_lifecycle_configuration.lake.rule : rule.id]) == toset(["raw", "reports", "noncurrent"])
    error_message = "raw pages, reports and old versions each have their rule"
  }

  assert {
    condition     = aws_db_instance.main.storage_encrypted && aws_db_instance.main.kms_key_id == aws_kms_key.data.arn && !aws_db_instance.main.publicly_accessible && aws_db_instance.main.deletion_protection && aws_db_instance.main.backup_retention_period >= 7
    error_message = "the database is encrypted, private, protected and backed up"
  }

  assert {
    condition     = { for one in aws_db_parameter_group.main.parameter : one.name => one.value }["rds.force_ssl"] == "1"
    error_message = "the database takes connections by TLS alone"
  }

  assert {
    condition     = toset(aws_db_subnet_group.main.subnet_ids) == toset(aws_subnet.private[*].id) && !anytrue([for one in aws_subnet.private : coalesce(one.map_public_ip_on_launch, false)])
    error_message = "the database lies in the private subnets"
  }

  assert {
    condition     = aws_db_instance.main.manage_master_user_password && aws_db_instance.main.password == null
    error_message = "the password of the administrator is made and kept by RDS"
  }

  assert {
    condition     = alltrue([for one in aws_secretsmanager_secret_version.made : one.secret_string == null])
    error_message = "no secret stands in the state"
  }

  assert {
    condition     = aws_cloudtrail.all.enable_log_file_validation && aws_cloudtrail.all.is_multi_region_trail && length([for one in aws_cloudtrail.all.advanced_event_selector : one if one.name == "objects of the lake"]) == 1
    error_message = "the trail has each read and write of the lake, and proves that it was not edited"
  }

  assert {
    condition     = alltrue([for one in aws_cloudwatch_metric_alarm.all : length(one.alarm_actions) == 1 && one.period * one.evaluation_periods <= (one.period < 3600 ? 86400 : 604800)])
    error_message = "each alarm tells somebody, and looks back no further than CloudWatch allows"
  }

  # what ECS is told, and what the policies were rendered into, is JSON without a name that nobody filled in
  assert {
    condition = alltrue([
      for text in concat(
        [for one in aws_iam_role_policy.all : one.policy], [for one in aws_iam_role.all : one.assume_role_policy],
        [aws_s3_bucket_policy.lake.policy, aws_s3_bucket_policy.audit.policy, aws_kms_key.data.policy, aws_kms_key.audit.policy, aws_sns_topic_policy.alarms.policy],
      ) : can(jsondecode(text)) && !strcontains(text, "$${")
    ])
    error_message = "each policy is whole"
  }

  assert {
    condition     = alltrue([for one in aws_ecs_task_definition.service : !strcontains(one.container_definitions, "secret-of-")]) && !strcontains(aws_ecs_task_definition.prepare.container_definitions, "secret-of-")
    error_message = "a service is told where its secrets are, and not what they are"
  }

  # https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
  assert {
    condition     = alltrue([for one in concat(values(aws_ecs_task_definition.service), [aws_ecs_task_definition.prepare]) : length(one.container_definitions) < 60000])
    error_message = "a task definition has at most 64 KiB"
  }

  assert {
    condition     = aws_ecs_task_definition.service["parser"].task_role_arn == null && aws_ecs_task_definition.prepare.task_role_arn == null
    error_message = "who asks AWS for nothing has no role"
  }

  assert {
    condition     = aws_ecs_service.all["scheduler"].deployment_maximum_percent == 100
    error_message = "there are never two schedulers"
  }

  assert {
    condition     = [for one in aws_vpc_security_group_ingress_rule.people : one.cidr_ipv4] == ["203.0.113.0/24"] && aws_vpc_security_group_ingress_rule.database.referenced_security_group_id == aws_security_group.airflow.id
    error_message = "people reach the balancer alone, from their networks, and only Airflow the database"
  }

  assert {
    condition     = toset(keys(output.connections)) == toset(["france_travail", "aws_default", "history_catalog", "warehouse"])
    error_message = "the outputs are the connections"
  }
}

run "large" {
  command = plan

  variables {
    size = "large"
  }

  assert {
    condition     = aws_db_instance.main.multi_az && length(aws_nat_gateway.main) == 2 && aws_ecs_service.all["api"].desired_count == 2 && aws_ecs_service.all["scheduler"].desired_count == 1
    error_message = "large survives the loss of a zone"
  }
}

run "the_internet_is_refused" {
  command = plan

  variables {
    allowed_cidrs = ["0.0.0.0/0"]
  }

  expect_failures = [var.allowed_cidrs]
}

run "a_version_has_a_name" {
  command = plan

  variables {
    image_tag = "latest"
  }

  expect_failures = [var.image_tag]
}
