# One key for what the job keeps, one for what is told about it: who may read logs and alarms may not read offers.

resource "aws_kms_key" "data" {
  description             = "${var.name}: lake, warehouse, connections"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = templatefile("${path.module}/policies/data_key.json", local.policy_values)
}

resource "aws_kms_alias" "data" {
  name          = "alias/${var.name}-data"
  target_key_id = aws_kms_key.data.key_id
}

resource "aws_kms_key" "audit" {
  description             = "${var.name}: logs, trail, alarms"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = templatefile("${path.module}/policies/audit_key.json", local.policy_values)
}

resource "aws_kms_alias" "audit" {
  name          = "alias/${var.name}-audit"
  target_key_id = aws_kms_key.audit.key_id
}
