terraform {
  # from 1.11 on, secrets can be written without standing in the state
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }

  # where: `terraform init -backend-config=bucket=… -backend-config=region=…`
  backend "s3" {
    key          = "jobmarket/terraform.tfstate"
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = { project = var.name }
  }
}
