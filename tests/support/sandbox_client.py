"""A plain client of the France Travail API for the tests of the sandbox: requests, nothing clever."""

from __future__ import annotations

from typing import Any

import requests

TOKEN_PATH = "/connexion/oauth2/access_token?realm=%2Fpartenaire"  # a path
ROOT = "/partenaire/offresdemploi/v2"


class Client:
    """Asks a sandbox as a client of the real API would."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()

    def login(self) -> Client:
        token = self.token().json()["access_token"]
        self.session.headers["Authorization"] = f"Bearer {token}"
        return self

    def token(self, path: str = TOKEN_PATH, **changes: str) -> requests.Response:
        form = {
            "grant_type": "client_credentials",
            "client_id": "sandbox",
            "client_secret": "sandbox",
            "scope": "api_offresdemploiv2 o2dsoffre",
        } | changes
        return self.session.post(f"{self.url}{path}", data=form, timeout=30)

    def get(self, path: str, **parameters: Any) -> requests.Response:
        return self.session.get(f"{self.url}{ROOT}{path}", params=parameters, timeout=30)

    def search(self, **parameters: Any) -> requests.Response:
        return self.get("/offres/search", **parameters)

    def control(self, path: str) -> Any:
        return self.session.get(f"{self.url}/_sandbox/{path}", timeout=30).json()

    def pages(self, **parameters: Any) -> list[list[dict[str, Any]]]:
        """Read the pages of a query one after the other, as far as its first total says."""
        first = self.search(range="0-149", **parameters)
        if first.status_code == 204:
            return []
        pages = [first.json()["resultats"]]
        for start in range(150, total(first), 150):
            answer = self.search(range=f"{start}-{start + 149}", **parameters)
            pages.append(answer.json()["resultats"] if answer.content else [])
        return pages


def total(answer: requests.Response) -> int:
    """Return the total that an answer announces."""
    return int(answer.headers["Content-Range"].partition("/")[2])


def day(text: str) -> dict[str, str]:
    """Return the parameters that ask for the offers created on a day."""
    return {"minCreationDate": f"{text}T00:00:00Z", "maxCreationDate": f"{text}T23:59:59Z"}
