"""What a person has to set on a forge's own pages, because no file of the repository can."""

from __future__ import annotations

from refinery.setup.forges import Forge


def advice(forge: Forge, target: str, *, default: str | None) -> list[str]:
    """One line for each setting, with the words of its page; `default` is the default branch."""
    match forge:
        case Forge.GITHUB:
            return [*_elsewhere(target, default), *_github(target)]
        case Forge.GITLAB:
            return [*_elsewhere(target, default), *_gitlab(target)]
        case Forge.GITEA:
            return [*_elsewhere(target, default), *_gitea(target)]


def setting_up_checks(path: str) -> str:
    """A check runs in the workflow's job, which is a bare machine."""
    return f"what the checks need (languages, packages) is set up in {path}: see its comment there"


def server_side(target: str) -> str:
    """A clone cannot install the hooks of its server."""
    return (
        "on the server, `refinery init` in the bare repository installs the hooks that queue what "
        f"is pushed and keep everything else off {target}"
    )


def _elsewhere(target: str, default: str | None) -> list[str]:
    if default is None or default == target:
        return []
    return [
        "events of issues and schedules start the workflow of the default branch: "
        f"bring the files to {default} as well, or make {target} the default branch"
    ]


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
        "the jobs need a token: Settings > Access tokens > Add new token, role Maintainer, scopes "
        "api and write_repository; then Settings > CI/CD > Variables > Add variable, key "
        "GITLAB_TOKEN, masked, and not protected: the branches that are submitted are not",
        f"if {target} is protected: Settings > Repository > Protected branches > "
        "Allowed to push and merge > Maintainers",
        "for issues that are closed: Settings > CI/CD > Pipeline trigger tokens, and "
        "Settings > Webhooks with push, issue and merge request events, to its URL for webhooks",
        "for what a webhook that was lost would have said: Build > Pipeline schedules > "
        f"New schedule, on {target}, every 20 minutes",
    ]


def _gitea(target: str) -> list[str]:
    return [
        "Settings > Units > Overview: enable repository Actions; a runner has to be registered "
        "(Settings > Actions > Runners)",
        f"if {target} is protected: save the token of somebody who may push to it (Settings > "
        "Branches > the rule > Whitelist restricted push) as the secret REFINERY_TOKEN (Settings > "
        "Actions > Secrets)",
    ]
