"""Where on the sheet of docs/aws.svg each part of ``infra`` stands (``aws_diagram`` draws it)."""

from __future__ import annotations

from typing import NamedTuple

WIDTH, HEIGHT = 1050, 690


class Box(NamedTuple):
    """A box of the sheet.

    :param parts: addresses in the template that it stands for; a star stands for a whole type.
    """

    title: str
    x: int
    y: int
    width: int
    parts: tuple[str, ...]
    height: int = 74


BOXES = {
    "balancer": Box(
        "Load balancer",
        200,
        130,
        150,
        (
            "aws_lb.ui",
            "aws_lb_listener.https",
            "aws_lb_target_group.ui",
            "aws_security_group.balancer",
        ),
    ),
    "nat": Box("NAT gateway", 200, 330, 150, ("aws_nat_gateway.main", "aws_eip.nat")),
    "api": Box("api", 430, 120, 190, ()),
    "scheduler": Box(
        "scheduler",
        430,
        220,
        190,
        ("aws_ecs_service.all", "aws_ecs_task_definition.service", "aws_security_group.airflow"),
    ),
    "parser": Box("parser", 430, 320, 190, ()),
    "prepare": Box("prepare", 430, 420, 190, ("aws_ecs_task_definition.prepare",)),
    "database": Box(
        "RDS PostgreSQL",
        430,
        530,
        190,
        (
            "aws_db_instance.main",
            "aws_db_subnet_group.main",
            "aws_db_parameter_group.main",
            "aws_security_group.database",
        ),
        88,
    ),
    "lake": Box(
        "S3: the lake; Glue: its history",
        760,
        84,
        260,
        ("aws_s3_bucket.lake", "aws_vpc_endpoint.s3", "aws_glue_catalog_database.history"),
        96,
    ),
    "secrets": Box(
        "Secrets Manager",
        760,
        194,
        260,
        ("aws_secretsmanager_secret.*", "aws_secretsmanager_secret_version.*"),
        112,
    ),
    "logs": Box("CloudWatch Logs", 760, 320, 260, ("aws_cloudwatch_log_group.*",), 112),
    "registry": Box(
        "Image registry",
        760,
        446,
        260,
        ("aws_ecr_repository.main", "aws_ecr_lifecycle_policy.main"),
        82,
    ),
    "alarms": Box(
        "Alarms",
        760,
        542,
        260,
        (
            "aws_cloudwatch_metric_alarm.all",
            "aws_cloudwatch_log_metric_filter.day_loaded",
            "aws_sns_topic.alarms",
            "aws_sns_topic_policy.alarms",
            "aws_sns_topic_subscription.alarms",
        ),
        50,
    ),
    "audit": Box(
        "CloudTrail and its bucket",
        760,
        606,
        260,
        ("aws_cloudtrail.all", "aws_s3_bucket.audit", "aws_flow_log.network"),
        50,
    ),
}

FRAMES = {
    "VPC": (
        180,
        70,
        470,
        560,
        (
            "aws_vpc.main",
            "aws_internet_gateway.main",
            "aws_default_security_group.closed",
            "aws_route_table.*",
            "aws_route.*",
            "aws_route_table_association.*",
        ),
    ),
    "public subnets": (190, 100, 170, 330, ("aws_subnet.public",)),
    "private subnets, ECS Fargate": (
        415,
        84,
        220,
        534,
        ("aws_subnet.private", "aws_ecs_cluster.main", "aws_service_discovery_http_namespace.main"),
    ),
}
"""Title: place, and what it stands for."""

PEOPLE, OUTSIDE = (30, 134), (30, 350)

# told by a word in a box or by an arrow, and no box of their own
TOLD = (
    "aws_s3_bucket_*",
    "aws_kms_key.*",
    "aws_kms_alias.*",
    "aws_iam_role.*",
    "aws_iam_role_policy.*",
    "aws_vpc_security_group_ingress_rule.*",
    "aws_vpc_security_group_egress_rule.*",
)
