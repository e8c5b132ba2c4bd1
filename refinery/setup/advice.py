"""What a person has to set on a forge's own pages, because no file of the repository can."""

from __future__ import annotations

from refinery.setup.forges import Forge


def advice(forge: Forge, target: str) -> list[str]:
    """One line for each setting, with the words of its page."""
    match forge:
        case Forge.GITHUB:
            return _github(target)
        case Forge.GITLAB:
            return _gitlab(target)
        case Forge.GITEA:
            return _gitea(target)


def _github(target: str) -> list[str]:
    return [
        f"if a ruleset keeps pushes off {target}: save the token of somebody on its bypass list "
        "(Settings > Rules > Rulesets > Bypass list) as the secret REFINERY_TOKEN (Settings > "
        "Secrets and variables > Actions > New repository secret), or write "
        "`landing: pull-request` in .refinery.yaml",
        "for `landing: pull-request`: Settings > General > Pull Requests > Allow auto-merge, and "
        "Settings > Actions > General > Workflow permissions > "
        "Allow GitHub Actions to create and approve pull requests",
    ]


def _gitlab(target: str) -> list[str]:
    return [
        "give the jobs a token: Settings > Access tokens > Add new token, role Maintainer, scopes "
        "api and write_repository; then Settings > CI/CD > Variables > Add variable, key "
        "GITLAB_TOKEN, Masked",
        f"if {target} is protected: Settings > Repository > Protected branches > "
        "Allowed to push and merge > Maintainers",
        "run it now and then: Build > Pipeline schedules > New schedule",
    ]


def _gitea(target: str) -> list[str]:
    return [
        "Settings > Units > Overview > Actions: enable repository actions; "
        "a runner has to be registered (Settings > Actions > Runners)",
        f"if {target} is protected: Settings > Branches > (the rule) > Whitelist restricted push, "
        "with the user whose token it is",
    ]
