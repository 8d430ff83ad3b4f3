# Who did what: CloudTrail with every read and write of the lake's objects, and the connections of the network.

resource "aws_s3_bucket" "audit" {
  #checkov:skip=CKV_AWS_18:it holds the logs; a log of their reading would be a log of its own
  #checkov:skip=CKV_AWS_144:CloudTrail keeps 90 days of management events by itself, beside this
  #checkov:skip=CKV2_AWS_62:nobody waits for its objects
  bucket = local.audit_name
}

resource "aws_s3_bucket_versioning" "audit" {
  bucket = aws_s3_bucket.audit.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "audit" {
  bucket = aws_s3_bucket.audit.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.audit.arn
    }
  }
}

resource "aws_s3_bucket_public_access_block" "audit" {
  bucket                  = aws_s3_bucket.audit.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "audit" {
  bucket = aws_s3_bucket.audit.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_policy" "audit" {
  bucket = aws_s3_bucket.audit.id
  policy = templatefile("${path.module}/policies/audit_bucket.json", local.policy_values)

  depends_on = [aws_s3_bucket_public_access_block.audit]
}

resource "aws_s3_bucket_lifecycle_configuration" "audit" {
  bucket = aws_s3_bucket.audit.id

  rule {
    id     = "all"
    status = "Enabled"

    filter {}

    expiration {
      days = 400
    }

    noncurrent_version_expiration {
      noncurrent_days = 30
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  depends_on = [aws_s3_bucket_versioning.audit]
}

resource "aws_cloudtrail" "all" {
  #checkov:skip=CKV_AWS_252:nobody reads a message for each file of the trail; alarms go to their own topic
  #checkov:skip=CKV2_AWS_10:the trail is read with Athena when something is looked into; a copy in CloudWatch Logs costs 0.5 $ a GB and no alarm is made of it
  name                       = var.name
  s3_bucket_name             = aws_s3_bucket.audit.id
  kms_key_id                 = aws_kms_key.audit.arn
  is_multi_region_trail      = true
  enable_log_file_validation = true

  advanced_event_selector {
    name = "what is changed in the account"

    field_selector {
      field  = "eventCategory"
      equals = ["Management"]
    }
  }

  advanced_event_selector {
    name = "objects of the lake"

    field_selector {
      field  = "eventCategory"
      equals = ["Data"]
    }

    field_selector {
      field  = "resources.type"
      equals = ["AWS::S3::Object"]
    }

    field_selector {
      field       = "resources.ARN"
      starts_with = ["${aws_s3_bucket.lake.arn}/"]
    }
  }

  depends_on = [aws_s3_bucket_policy.audit]
}

resource "aws_flow_log" "network" {
  vpc_id                   = aws_vpc.main.id
  traffic_type             = "REJECT"
  log_destination_type     = "s3"
  log_destination          = "${aws_s3_bucket.audit.arn}/network/"
  max_aggregation_interval = 600

  depends_on = [aws_s3_bucket_policy.audit]
}
