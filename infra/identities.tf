# Who may do what in AWS. Each document of policies/ is one role's, and the tests run the job under exactly these.
# parser and the program of `prepare` have no role: they ask AWS for nothing.

locals {
  # what runs under which document
  task_roles      = { tasks = "scheduler, and so every task of a DAG", ui = "api-server" }
  execution_roles = { start = "ECS, as it starts a service", start_prepare = "ECS, as it starts the task prepare" }

  identity_values = merge(local.policy_values, {
    data_key      = aws_kms_key.data.arn
    master_secret = local.master_secret
  })
}

resource "aws_iam_role" "all" {
  for_each = merge(local.task_roles, local.execution_roles)

  name               = "${var.name}-${var.region}-${replace(each.key, "_", "-")}"
  description        = each.value
  assume_role_policy = templatefile("${path.module}/policies/trust.json", local.policy_values)
}

resource "aws_iam_role_policy" "all" {
  #checkov:skip=CKV_AWS_355:ecr:GetAuthorizationToken knows no resource; no other statement names all
  for_each = aws_iam_role.all

  name   = each.key
  role   = each.value.id
  policy = templatefile("${path.module}/policies/${each.key}.json", local.identity_values)
}
