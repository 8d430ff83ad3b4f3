"""What services of AWS ask for when they use what ``infra`` makes: the rights that no call of the job needs.

Each stands with the page of AWS's documentation that says what the service asks and with which context.
"""

from __future__ import annotations

from tests.support.aws_policies import ACCOUNT, REGION, VALUES, Asked

_TRAIL = {"aws:SourceArn": VALUES["trail"], "aws:SourceAccount": ACCOUNT}
_LOGS = {
    "aws:SourceArn": f"arn:aws:logs:{REGION}:{ACCOUNT}:delivery-source:one",
    "aws:SourceAccount": ACCOUNT,
}
_WHOLE = {"s3:x-amz-acl": "bucket-owner-full-control"}
_ALARM = {"aws:SourceArn": VALUES["alarms"].replace("*", "no-day"), "aws:SourceAccount": ACCOUNT}
_TLS = {"aws:SecureTransport": "true"}
_KEY = "arn:aws:kms:eu-west-3:123456789012:key/audit"
_DAY = "2026/11/18/file.json.gz"

TRAIL, DELIVERY, ALARM = (
    "cloudtrail.amazonaws.com",
    "delivery.logs.amazonaws.com",
    "cloudwatch.amazonaws.com",
)
LOGS = f"logs.{REGION}.amazonaws.com"

ASKED: dict[str, dict[str, list[Asked]]] = {
    # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
    # https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html
    "audit_bucket": {
        "TrailLooks": [Asked("s3:GetBucketAcl", VALUES["audit"], _TRAIL | _TLS, TRAIL)],
        "TrailWrites": [
            Asked(
                "s3:PutObject",
                f"{VALUES['audit']}/AWSLogs/{ACCOUNT}/CloudTrail/{REGION}/{_DAY}",
                _TRAIL | _TLS | _WHOLE,
                TRAIL,
            )
        ],
        "NetworkLooks": [Asked("s3:GetBucketAcl", VALUES["audit"], _LOGS | _TLS, DELIVERY)],
        "NetworkWrites": [
            Asked(
                "s3:PutObject",
                f"{VALUES['audit']}/network/AWSLogs/{ACCOUNT}/vpcflowlogs/{REGION}/{_DAY}",
                _LOGS | _TLS | _WHOLE,
                DELIVERY,
            )
        ],
    },
    # https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-kms-key-policy-for-cloudtrail.html
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    # https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    "audit_key": {
        "TrailEncrypts": [
            Asked(
                "kms:GenerateDataKey",
                _KEY,
                _TRAIL | {"kms:EncryptionContext:aws:cloudtrail:arn": VALUES["trail"]},
                TRAIL,
            )
        ],
        "TrailLooks": [Asked("kms:DescribeKey", _KEY, _TRAIL, TRAIL)],
        "NetworkEncrypts": [
            Asked("kms:GenerateDataKey", _KEY, _LOGS, DELIVERY),
            Asked("kms:Decrypt", _KEY, _LOGS, DELIVERY),
        ],
        "LogsEncrypt": [
            Asked(f"kms:{action}", _KEY, {"kms:EncryptionContext:aws:logs:arn": group}, LOGS)
            for action in ("Encrypt", "Decrypt", "GenerateDataKey", "ReEncryptFrom", "DescribeKey")
            for group in (
                VALUES["task_logs"],
                VALUES["service_logs"],
                VALUES["database_logs"].replace("*", "postgresql"),
            )
        ],
        "AlarmsEncrypt": [
            Asked("kms:GenerateDataKey", _KEY, _ALARM, ALARM),
            Asked("kms:Decrypt", _KEY, _ALARM, ALARM),
        ],
    },
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
    "alarm_topic": {"AlarmsTell": [Asked("sns:Publish", VALUES["alarm_topic"], _ALARM, ALARM)]},
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
    "trust": {
        "TasksOfThisAccount": [
            Asked(
                "sts:AssumeRole",
                "*",
                {
                    "aws:SourceAccount": ACCOUNT,
                    "aws:SourceArn": f"arn:aws:ecs:{REGION}:{ACCOUNT}:task/jobmarket/1",
                },
                "ecs-tasks.amazonaws.com",
            )
        ]
    },
}
"""By document, by the ``Sid`` of the statement that allows it."""
