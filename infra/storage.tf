# The data lake: raw pages, their replay copies, reports, and the history with its place in Glue's catalog.

resource "aws_s3_bucket" "lake" {
  #checkov:skip=CKV_AWS_18:every read and write of an object is an event of CloudTrail (audit.tf), which is exact and signed; server access logs are neither
  #checkov:skip=CKV_AWS_144:a day can be collected again, and reports made again; a copy in another region doubles the price of storage
  #checkov:skip=CKV2_AWS_62:nothing waits for an object: tasks pass the key of the manifest
  bucket = local.lake_name
}

resource "aws_s3_bucket_versioning" "lake" {
  bucket = aws_s3_bucket.lake.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "lake" {
  bucket = aws_s3_bucket.lake.id

  rule {
    # one call to KMS for many objects, not one for each
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.data.arn
    }
  }
}

resource "aws_s3_bucket_public_access_block" "lake" {
  bucket                  = aws_s3_bucket.lake.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "lake" {
  bucket = aws_s3_bucket.lake.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_policy" "lake" {
  bucket = aws_s3_bucket.lake.id
  policy = templatefile("${path.module}/policies/lake_bucket.json", local.policy_values)

  depends_on = [aws_s3_bucket_public_access_block.lake]
}

resource "aws_s3_bucket_lifecycle_configuration" "lake" {
  bucket = aws_s3_bucket.lake.id

  # a replay reads them at once there, too
  rule {
    id     = "raw"
    status = "Enabled"

    filter {
      prefix = "raw/"
    }

    transition {
      days          = 90
      storage_class = "GLACIER_IR"
    }

    expiration {
      days = var.raw_kept_days
    }
  }

  rule {
    id     = "reports"
    status = "Enabled"

    filter {
      prefix = "reports/"
    }

    transition {
      days          = 90
      storage_class = "STANDARD_IA"
    }
  }

  rule {
    id     = "noncurrent"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = var.noncurrent_kept_days
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  depends_on = [aws_s3_bucket_versioning.lake]
}

# the table in it is made by the first task that keeps a day: its columns are those of the project
resource "aws_glue_catalog_database" "history" {
  name         = "history"
  description  = "What is kept of each certified day: docs/history.md."
  location_uri = "s3://${aws_s3_bucket.lake.id}/history"
}
