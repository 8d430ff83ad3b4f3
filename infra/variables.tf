variable "name" {
  description = "What everything is called after. One set-up a name and region; the bucket has the account in its name, too."
  type        = string
  default     = "jobmarket"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,20}$", var.name))
    error_message = "name is 3 to 21 lower-case letters, digits and hyphens, and begins with a letter: it stands in the name of the bucket."
  }
}

variable "region" {
  description = "AWS region of everything."
  type        = string
  default     = "eu-west-3"
}

variable "zone_letters" {
  description = "The two availability zones of the region that are used. They stay: a database does not move by itself."
  type        = list(string)
  default     = ["a", "b"]

  validation {
    condition     = length(distinct(var.zone_letters)) == 2 && length(var.zone_letters) == 2
    error_message = "zone_letters names two different zones."
  }
}

variable "size" {
  description = "small: one zone, a day of one country. large: two zones, several years, several people. What each is made of stands in sizes.json."
  type        = string
  default     = "small"

  validation {
    condition     = contains(["small", "large"], var.size)
    error_message = "size is small or large."
  }
}

variable "image_tag" {
  description = "Tag of the image in the repository that this makes. Tags are immutable: another version is another tag."
  type        = string

  validation {
    condition     = var.image_tag != "latest"
    error_message = "image_tag names one version: tags of the repository are immutable, and `latest` would never move."
  }
}

variable "domain" {
  description = "Name under which people open Airflow; it leads to the output `balancer` by a CNAME of yours."
  type        = string
}

variable "certificate_arn" {
  description = "Certificate of that name in AWS Certificate Manager, in this region."
  type        = string
}

variable "allowed_cidrs" {
  description = "Networks from which people may open Airflow: an office, a VPN. The whole internet is refused."
  type        = list(string)

  validation {
    condition     = length(var.allowed_cidrs) > 0 && alltrue([for cidr in var.allowed_cidrs : can(cidrhost(cidr, 0)) && tonumber(split("/", cidr)[1]) >= 8])
    error_message = "allowed_cidrs names networks such as 203.0.113.0/24, none of them wider than /8."
  }
}

variable "alarm_email" {
  description = "Who is told when an alarm goes off. AWS sends a message first, which must be confirmed."
  type        = string
}

variable "vpc_cidr" {
  description = "Addresses of the network; a /20 at least."
  type        = string
  default     = "10.20.0.0/16"
}

variable "raw_kept_days" {
  description = "For how long the raw pages of a day are kept: so long it can be replayed."
  type        = number
  default     = 400

  validation {
    condition     = var.raw_kept_days > 180
    error_message = "raw_kept_days is more than 180: pages lie in Glacier Instant Retrieval from day 90 on, which is paid for 90 days at least."
  }
}

variable "noncurrent_kept_days" {
  description = "For how long what was deleted or written over can be brought back. What is forgotten on purpose is gone for good only then."
  type        = number
  default     = 30
}

variable "logs_kept_days" {
  description = "For how long logs of tasks and services are kept."
  type        = number
  default     = 365
}

variable "is_protected" {
  description = "Whether database and balancer refuse to be deleted, and deleted secrets can be brought back. false only to take everything down."
  type        = bool
  default     = true
}
