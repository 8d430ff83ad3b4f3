# What several files need: the size, and the values that the policy documents in policies/ are rendered with.

data "aws_caller_identity" "here" {}

data "aws_partition" "here" {}

locals {
  size      = jsondecode(file("${path.module}/sizes.json"))[var.size]
  zones     = [for letter in var.zone_letters : "${var.region}${letter}"]
  account   = data.aws_caller_identity.here.account_id
  partition = data.aws_partition.here.partition
  prefix    = "arn:${local.partition}"
  in_region = "${var.region}:${local.account}"

  lake_name  = "${var.name}-lake-${local.account}-${var.region}"
  audit_name = "${var.name}-audit-${local.account}-${var.region}"

  policy_values = {
    account         = local.account
    partition       = local.partition
    region          = var.region
    lake            = "${local.prefix}:s3:::${local.lake_name}"
    audit           = "${local.prefix}:s3:::${local.audit_name}"
    connections     = "${local.prefix}:secretsmanager:${local.in_region}:secret:${var.name}/connections"
    airflow_secrets = "${local.prefix}:secretsmanager:${local.in_region}:secret:${var.name}/airflow"
    analyst         = "${local.prefix}:secretsmanager:${local.in_region}:secret:${var.name}/analyst"
    task_logs       = "${local.prefix}:logs:${local.in_region}:log-group:/${var.name}/tasks"
    service_logs    = "${local.prefix}:logs:${local.in_region}:log-group:/${var.name}/services"
    log_groups      = "${local.prefix}:logs:${local.in_region}:log-group:/${var.name}/*"
    database_logs   = "${local.prefix}:logs:${local.in_region}:log-group:/aws/rds/instance/${var.name}/*"
    repository      = "${local.prefix}:ecr:${local.in_region}:repository/${var.name}"
    trail           = "${local.prefix}:cloudtrail:${local.in_region}:trail/${var.name}"
    alarms          = "${local.prefix}:cloudwatch:${local.in_region}:alarm:${var.name}-*"
    glue            = "${local.prefix}:glue:${local.in_region}"
    alarm_topic     = "${local.prefix}:sns:${local.in_region}:${var.name}-alarms"
  }
}
