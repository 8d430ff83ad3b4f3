# The way in for people: TLS, from the allowed networks alone.

resource "aws_lb" "ui" {
  #checkov:skip=CKV_AWS_91:Airflow keeps who did what in its own event log; who asks from outside of the allowed networks is in the log of the network (audit.tf)
  #checkov:skip=CKV2_AWS_28:only the allowed networks reach it; a firewall for web requests costs more than the small size's balancer
  #checkov:skip=CKV2_AWS_20:port 80 is closed, so there is nothing to redirect
  name                       = var.name
  load_balancer_type         = "application"
  security_groups            = [aws_security_group.balancer.id]
  subnets                    = aws_subnet.public[*].id
  drop_invalid_header_fields = true
  enable_deletion_protection = var.is_protected
}

resource "aws_lb_target_group" "ui" {
  #checkov:skip=CKV_AWS_378:TLS ends at the balancer; behind it are private subnets, and the api-server takes requests of two security groups alone
  name        = var.name
  port        = 8080
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = aws_vpc.main.id

  deregistration_delay = 30

  health_check {
    path                = "/api/v2/version"
    interval            = 30
    timeout             = 10
    healthy_threshold   = 2
    unhealthy_threshold = 5
  }
}

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.ui.arn
  port              = 443
  protocol          = "HTTPS"
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"
  certificate_arn   = var.certificate_arn

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.ui.arn
  }
}
