# One PostgreSQL with two databases: the warehouse and Airflow's own. Accounts are made by the task `prepare`.

resource "aws_db_subnet_group" "main" {
  name       = var.name
  subnet_ids = aws_subnet.private[*].id
}

resource "aws_db_parameter_group" "main" {
  name_prefix = "${var.name}-"
  family      = "postgres17"

  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }

  # pages written whole after a checkpoint are most of the log of a sweep
  parameter {
    name  = "wal_compression"
    value = "on"
  }

  # what changes the schema, and what is slow; never the values, which are offers
  parameter {
    name  = "log_statement"
    value = "ddl"
  }

  parameter {
    name  = "log_min_duration_statement"
    value = "10000"
  }

  parameter {
    name  = "log_parameter_max_length"
    value = "0"
  }

  lifecycle {
    create_before_destroy = true
  }
}

locals {
  master_secret = aws_db_instance.main.master_user_secret[0].secret_arn
}

resource "aws_db_instance" "main" {
  #checkov:skip=CKV_AWS_118:CloudWatch has CPU, memory and storage by the minute; enhanced monitoring adds the processes of a server that nobody logs in to
  #checkov:skip=CKV_AWS_157:size = large has a standby in a second zone; small takes the backup and an hour instead of 60 $ a month
  #checkov:skip=CKV_AWS_161:accounts log in with passwords from Secrets Manager; a token of IAM ends after 15 minutes and Airflow's pool would have to renew it
  identifier     = var.name
  engine         = "postgres"
  engine_version = "17"
  instance_class = local.size.database.class
  multi_az       = local.size.database.is_multi_az

  storage_type          = "gp3"
  allocated_storage     = local.size.database.storage_gb
  max_allocated_storage = 4 * local.size.database.storage_gb
  storage_encrypted     = true
  kms_key_id            = aws_kms_key.data.arn

  # RDS makes the password, keeps it in Secrets Manager and changes it every week; it stands in no state
  username                      = "jobmarket_admin"
  manage_master_user_password   = true
  master_user_secret_kms_key_id = aws_kms_key.data.key_id
  db_name                       = "warehouse"

  db_subnet_group_name   = aws_db_subnet_group.main.name
  vpc_security_group_ids = [aws_security_group.database.id]
  parameter_group_name   = aws_db_parameter_group.main.name
  publicly_accessible    = false
  ca_cert_identifier     = "rds-ca-rsa2048-g1"

  backup_retention_period     = local.size.database.backup_days
  backup_window               = "03:00-04:00" # the day is loaded at midnight in Paris
  maintenance_window          = "sun:04:30-sun:05:30"
  copy_tags_to_snapshot       = true
  auto_minor_version_upgrade  = true
  deletion_protection         = var.is_protected
  skip_final_snapshot         = !var.is_protected
  final_snapshot_identifier   = var.is_protected ? "${var.name}-final" : null
  delete_automated_backups    = false
  allow_major_version_upgrade = false

  performance_insights_enabled    = true
  performance_insights_kms_key_id = aws_kms_key.data.arn
  enabled_cloudwatch_logs_exports = ["postgresql", "upgrade"]

  depends_on = [aws_cloudwatch_log_group.database]
}
