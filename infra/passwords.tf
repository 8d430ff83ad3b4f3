# Passwords that stand in no state and no plan: made anew each time, and written only where `secret_version` is raised.

ephemeral "aws_secretsmanager_random_password" "all" {
  for_each = local.password_names

  password_length     = 40
  exclude_punctuation = true
}

locals {
  passwords = { for name, made in ephemeral.aws_secretsmanager_random_password.all : name => made.random_password }
}
