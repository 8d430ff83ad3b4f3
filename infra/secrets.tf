# Secrets Manager: what connections need, and the keys of Airflow itself. Values are made here and written, and stand in
# no state and no plan; raise `secret_version` to change them all.

locals {
  secret_version = 1

  password_names = toset(["airflow", "owner", "tasks", "analyst", "api", "jwt", "ui", "fernet"])

  # libpq checks the name and the authority of the server; the bundle is baked into the image
  tls = { sslmode = "verify-full", sslrootcert = "/opt/airflow/include/global-bundle.pem" }

  warehouse = {
    conn_type = "postgres"
    host      = aws_db_instance.main.address
    port      = 5432
    schema    = aws_db_instance.main.db_name
    extra     = local.tls
  }

  # what needs no secret is told to the services as it is
  aws_default     = { conn_type = "aws", extra = { region_name = var.region } }
  history_catalog = { conn_type = "generic", extra = { type = "glue", warehouse = aws_glue_catalog_database.history.location_uri } }

  secret_values = {
    "connections/warehouse"       = jsonencode(merge(local.warehouse, { login = "jobmarket_tasks", password = local.passwords["tasks"] }))
    "connections/warehouse_owner" = jsonencode(merge(local.warehouse, { login = "jobmarket_owner", password = local.passwords["owner"] }))
    "analyst"                     = jsonencode(merge(local.warehouse, { login = "jobmarket_analyst", password = local.passwords["analyst"] }))
    "airflow/database"            = "postgresql+psycopg2://jobmarket_airflow:${local.passwords["airflow"]}@${aws_db_instance.main.address}:5432/airflow?sslmode=${local.tls.sslmode}&sslrootcert=${local.tls.sslrootcert}"
    "airflow/fernet_key"          = replace(replace(base64encode(substr(local.passwords["fernet"], 0, 32)), "+", "-"), "/", "_")
    "airflow/api_secret_key"      = local.passwords["api"]
    "airflow/jwt_secret"          = local.passwords["jwt"]
    "airflow/ui_logins"           = jsonencode({ admin = local.passwords["ui"] })
  }
  secret_names = toset([
    "connections/warehouse", "connections/warehouse_owner", "analyst", "airflow/database", "airflow/fernet_key",
    "airflow/api_secret_key", "airflow/jwt_secret", "airflow/ui_logins",
  ])
}

resource "aws_secretsmanager_secret" "made" {
  #checkov:skip=CKV2_AWS_57:a new password must reach the account in PostgreSQL and the running services at once: raise secret_version, apply, run the task prepare
  for_each = local.secret_names

  name                    = "${var.name}/${each.key}"
  kms_key_id              = aws_kms_key.data.arn
  recovery_window_in_days = var.is_protected ? 30 : 0
}

resource "aws_secretsmanager_secret_version" "made" {
  for_each = local.secret_names

  secret_id                = aws_secretsmanager_secret.made[each.key].id
  secret_string_wo         = local.secret_values[each.key]
  secret_string_wo_version = local.secret_version
}

# client id and secret of francetravail.io: put in by a person (docs/aws.md), known to no file
resource "aws_secretsmanager_secret" "france_travail" {
  #checkov:skip=CKV2_AWS_57:France Travail gives the secret, and has no call that renews it
  name                    = "${var.name}/connections/france_travail"
  kms_key_id              = aws_kms_key.data.arn
  recovery_window_in_days = var.is_protected ? 30 : 0
}
