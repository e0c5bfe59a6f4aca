"""The same trouble for several machines: `python -m tests.chaos.cluster` (`make chaos-cluster`).

Real processes with a role each share a real PostgreSQL: web processes behind a load balancer, relays, and
processes of Discord's gateway. Each is killed, stopped and replaced, and PostgreSQL with them. At the end the
channels are looked at, as for one process. See docs/chaos.md.
"""
