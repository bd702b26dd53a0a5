#!/usr/bin/env python3
"""Puts a report into one comment of a pull request on GitHub, and finds that comment again by a hidden marker.

A comment that has the marker and belongs to the token's own user is edited; else one is created. An empty report creates no comment; an earlier one then says
that nothing is different any more. A token that may not write (the pull request of a fork) is no failure: the report goes to the log.

Reads GITHUB_TOKEN, GITHUB_API_URL and GITHUB_REPOSITORY, which a runner sets. Exit status: 0 commented, nothing to do, or not allowed to; 2 a system error.
"""

import argparse
import json
import os
import pathlib
import sys
import urllib.error
import urllib.parse
import urllib.request

# GitHub takes 65,536 characters. The marker and the sentence about the rest need some of them.
MOST = 64_000
NOTHING = "### Caddy: no differences\n\nThe last push answers every request as the base does.\n"
PATIENCE_SECONDS = 30


class ReadOnly(Exception):
    """The token may not write comments."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--report", required=True, help="the file with the report; empty for none")
    parser.add_argument("--marker", required=True, help="what this comment is about, such as the path of the Caddyfile")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--pull-request", type=int, help="its number")
    which.add_argument("--head", help="OWNER:BRANCH of the pull request, with --commit")
    parser.add_argument("--commit", help="the head commit that the report is about")
    arguments = parser.parse_args()

    report = pathlib.Path(arguments.report).read_text(encoding="utf-8", errors="replace") if arguments.report else ""
    try:
        number = arguments.pull_request or find_pull_request(arguments.head, arguments.commit)
        if number is None:
            print("no open pull request has this commit as its head: nothing to comment on")
            return 0
        put(number, marker(arguments.marker), report)
    except ReadOnly:
        print("::notice::the token may not comment on this pull request, so the report is in this log and in the summary")
        # What GitHub's runner would take for a command is shown as text.
        for line in report.splitlines():
            print(f"| {line}")
    except (urllib.error.URLError, OSError, ValueError, KeyError, TypeError) as error:
        print(f"::error::the comment could not be written: {one_line(error)}", file=sys.stderr)
        return 2
    return 0


def one_line(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text.replace("%", "%25")[:300]


def marker(about: str) -> str:
    """A line that Markdown hides. The name is encoded, so that it cannot end the comment."""
    return f"<!-- caddyctl diff {urllib.parse.quote(about, safe='/.')} -->"


def put(number: int, mark: str, report: str) -> None:
    earlier = find_comment(number, mark)
    if earlier is None and not report:
        return
    body = f"{mark}\n{limited(report) if report else NOTHING}"
    if earlier is None:
        call("POST", f"issues/{number}/comments", {"body": body})
    elif earlier["body"] != body:
        call("PATCH", f"issues/comments/{earlier['id']}", {"body": body})


def limited(report: str) -> str:
    """The report, cut between two lines, with a sentence that says where the rest is."""
    if len(report) <= MOST:
        return report
    kept = report[:MOST].rsplit("\n", 1)[0]
    # What is cut must not leave a fence or a fold open.
    fences = [line.lstrip() for line in kept.splitlines() if line.lstrip().startswith("```")]
    if len(fences) % 2 == 1:
        kept += "\n" + "`" * max(len(fence) - len(fence.lstrip("`")) for fence in fences)
    kept += "\n\n</details>" * max(kept.count("<details>") - kept.count("</details>"), 0)
    return f"{kept}\n\nThe report has {len(report):,} characters, which is more than a comment takes. All of it is in the summary of the job.\n"


def find_comment(number: int, mark: str) -> dict | None:
    """The first comment that starts with the marker and that a bot or the token's user wrote."""
    mine = login()
    page = 1
    while True:
        comments = call("GET", f"issues/{number}/comments?per_page=100&page={page}")
        for comment in comments:
            # People can write the marker too.
            user = comment.get("user") or {}
            is_ours = user.get("type") == "Bot" or (mine is not None and user.get("login") == mine)
            if is_ours and (comment.get("body") or "").startswith(mark):
                return comment
        if len(comments) < 100:
            return None
        page += 1


def login() -> str | None:
    """The name of the token's user. The token of a job belongs to an app, which has none."""
    try:
        return request("GET", f"{os.environ['GITHUB_API_URL']}/user")["login"]
    except urllib.error.HTTPError:
        return None


def find_pull_request(head: str, commit: str | None) -> int | None:
    """The open pull request from this branch, if its head is still `commit`."""
    query = urllib.parse.urlencode({"state": "open", "head": head, "per_page": 100})
    found = [pull["number"] for pull in call("GET", f"pulls?{query}") if pull["head"]["sha"] == commit]
    return found[0] if found else None


def call(method: str, path: str, data: dict | None = None):
    try:
        return request(method, f"{os.environ['GITHUB_API_URL']}/repos/{os.environ['GITHUB_REPOSITORY']}/{path}", data)
    except urllib.error.HTTPError as error:
        if error.code in (403, 404):
            raise ReadOnly from error
        raise


def request(method: str, url: str, data: dict | None = None):
    headers = {
        "Accept": "application/vnd.github+json",
        "Authorization": f"Bearer {os.environ.get('GITHUB_TOKEN', '')}",
        "X-GitHub-Api-Version": "2022-11-28",
    }
    body = None if data is None else json.dumps(data).encode()
    call = urllib.request.Request(url, data=body, headers=headers, method=method)
    with urllib.request.urlopen(call, timeout=PATIENCE_SECONDS) as answer:
        return json.load(answer)


if __name__ == "__main__":
    sys.exit(main())
