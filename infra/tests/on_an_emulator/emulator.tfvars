image_tag       = "1.0.0"
domain          = "airflow.example.org"
certificate_arn = "arn:aws:acm:eu-west-3:123456789012:certificate/00000000-0000-0000-0000-000000000000"
allowed_cidrs   = ["203.0.113.0/24"]
alarm_email     = "data@example.org"
is_protected    = false
