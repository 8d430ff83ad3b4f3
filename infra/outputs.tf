output "connections" {
  description = "The connections of the project, without what is secret: where each lies, or what it says."
  value = {
    france_travail  = "secret ${aws_secretsmanager_secret.france_travail.name}: put in by you"
    aws_default     = local.aws_default
    history_catalog = local.history_catalog
    warehouse       = "secret ${aws_secretsmanager_secret.made["connections/warehouse"].name}: ${aws_db_instance.main.address}:5432/${aws_db_instance.main.db_name}"
  }
}

output "bucket" {
  description = "The variable data_lake_bucket."
  value       = aws_s3_bucket.lake.id
}

output "repository" {
  description = "Where to push the image."
  value       = aws_ecr_repository.main.repository_url
}

output "balancer" {
  description = "What the CNAME of `domain` leads to."
  value       = aws_lb.ui.dns_name
}

output "ui_logins" {
  description = "The secret that holds the login of the UI."
  value       = aws_secretsmanager_secret.made["airflow/ui_logins"].name
}

output "prepare" {
  description = "The arguments of `aws ecs run-task` that make databases, accounts and schemas, once a version."
  value = join(" ", [
    "--cluster ${aws_ecs_cluster.main.name} --task-definition ${aws_ecs_task_definition.prepare.family} --launch-type FARGATE",
    "--network-configuration 'awsvpcConfiguration={subnets=[${join(",", aws_subnet.private[*].id)}],securityGroups=[${aws_security_group.airflow.id}]}'",
  ])
}
