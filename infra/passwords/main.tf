# Passwords that stand in no state and no plan: made anew each time, written where a version of a secret begins.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

variable "names" {
  description = "One password each, of 40 letters and digits."
  type        = set(string)
}

ephemeral "aws_secretsmanager_random_password" "all" {
  for_each = var.names

  password_length     = 40
  exclude_punctuation = true
}

output "values" {
  description = "The passwords, by name."
  value       = { for name, made in ephemeral.aws_secretsmanager_random_password.all : name => made.random_password }
  ephemeral   = true
}
