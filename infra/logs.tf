# Logs of tasks and services, and the alarms that say what nobody would see.

resource "aws_cloudwatch_log_group" "tasks" {
  name              = "/${var.name}/tasks"
  retention_in_days = var.logs_kept_days
  kms_key_id        = aws_kms_key.audit.arn
}

resource "aws_cloudwatch_log_group" "services" {
  name              = "/${var.name}/services"
  retention_in_days = var.logs_kept_days
  kms_key_id        = aws_kms_key.audit.arn
}

resource "aws_cloudwatch_log_group" "database" {
  for_each = toset(["postgresql", "upgrade"])

  name              = "/aws/rds/instance/${var.name}/${each.key}"
  retention_in_days = var.logs_kept_days
  kms_key_id        = aws_kms_key.audit.arn
}

resource "aws_sns_topic" "alarms" {
  name              = "${var.name}-alarms"
  kms_master_key_id = aws_kms_key.audit.id
}

resource "aws_sns_topic_policy" "alarms" {
  arn    = aws_sns_topic.alarms.arn
  policy = templatefile("${path.module}/policies/alarm_topic.json", local.policy_values)
}

resource "aws_sns_topic_subscription" "alarms" {
  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = var.alarm_email
}

# the load says this sentence once a day is in the warehouse; only a day that is published gets so far
resource "aws_cloudwatch_log_metric_filter" "day_loaded" {
  name           = "${var.name}-day-loaded"
  log_group_name = aws_cloudwatch_log_group.tasks.name
  pattern        = "\"Loaded day\""

  metric_transformation {
    namespace = var.name
    name      = "DaysLoaded"
    value     = "1"
  }
}

locals {
  service_alarms = {
    for name in keys(local.services) : "${name}-silent" => {
      description = "The service ${name} has not run for 15 minutes: docs/aws.md, section Alarms."
      namespace   = "AWS/ECS"
      metric      = "CPUUtilization"
      statistic   = "SampleCount"
      dimensions  = { ClusterName = aws_ecs_cluster.main.name, ServiceName = name }
      period      = 300
      periods     = 3
      below       = 1
      missing     = "breaching"
    }
  }

  alarms = merge(local.service_alarms, {
    no-day = {
      description = "No day was loaded for 26 hours: see the last run of france_travail_daily. A scheduler that is dead is seen here, too."
      namespace   = var.name
      metric      = "DaysLoaded"
      statistic   = "Sum"
      dimensions  = {}
      period      = 3600
      periods     = 26
      below       = 1
      missing     = "breaching"
    }
    database-storage = {
      description = "PostgreSQL has less than a tenth of its disk left, and grows by itself only up to four times its first size."
      namespace   = "AWS/RDS"
      metric      = "FreeStorageSpace"
      statistic   = "Minimum"
      dimensions  = { DBInstanceIdentifier = aws_db_instance.main.identifier }
      period      = 300
      periods     = 3
      below       = local.size.database.storage_gb * 1024 * 1024 * 1024 / 10
      missing     = "missing"
    }
    database-memory = {
      description = "PostgreSQL has less than 200 MB of memory left: take a larger size."
      namespace   = "AWS/RDS"
      metric      = "FreeableMemory"
      statistic   = "Average"
      dimensions  = { DBInstanceIdentifier = aws_db_instance.main.identifier }
      period      = 300
      periods     = 6
      below       = 200 * 1024 * 1024
      missing     = "breaching"
    }
    ui-unreachable = {
      description = "The balancer finds no api-server that answers."
      namespace   = "AWS/ApplicationELB"
      metric      = "HealthyHostCount"
      statistic   = "Maximum"
      dimensions  = { LoadBalancer = aws_lb.ui.arn_suffix, TargetGroup = aws_lb_target_group.ui.arn_suffix }
      period      = 300
      periods     = 3
      below       = 1
      missing     = "breaching"
    }
  })
}

resource "aws_cloudwatch_metric_alarm" "all" {
  for_each = local.alarms

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.description
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  statistic           = each.value.statistic
  dimensions          = each.value.dimensions
  period              = each.value.period
  evaluation_periods  = each.value.periods
  comparison_operator = "LessThanThreshold"
  threshold           = each.value.below
  treat_missing_data  = each.value.missing
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}
