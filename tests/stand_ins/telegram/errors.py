"""How the Bot API says no. The texts are those of the real one."""

from typing import Any

Json = dict[str, Any]


class ApiError(Exception):
    """A request that was refused; ``parameters`` tell a client what it may do instead."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def to_json(self) -> Json:
        answer: Json = {"ok": False, "error_code": self.code, "description": self.description}
        return {**answer, "parameters": self.parameters} if self.parameters else answer


class BadRequest(ApiError):
    def __init__(self, why: str, **parameters: int) -> None:
        super().__init__(400, f"Bad Request: {why}", **parameters)


class Forbidden(ApiError):
    def __init__(self, why: str) -> None:
        super().__init__(403, f"Forbidden: {why}")


class Conflict(ApiError):
    def __init__(self, why: str) -> None:
        super().__init__(409, f"Conflict: {why}")


class TooManyRequests(ApiError):
    def __init__(self, seconds: int) -> None:
        super().__init__(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
