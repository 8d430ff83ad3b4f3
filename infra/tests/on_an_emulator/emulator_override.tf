# What an emulator of AWS needs otherwise: laid beside the files of infra/ by tests/infra/deployed.py.

terraform {
  backend "local" {}
}

provider "aws" {
  region            = var.region
  access_key        = "123456789012" # the account
  secret_key        = "test"
  s3_use_path_style = true
}

locals {
  # ministack does not make the secret in which RDS keeps the password of the administrator
  master_secret = "arn:aws:secretsmanager:${var.region}:123456789012:secret:rds!db-0123-AbCdEf"
}
