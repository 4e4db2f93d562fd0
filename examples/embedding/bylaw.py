"""Bylaw for Python, by ctypes alone: nothing to build or to install but the shared library.

    import bylaw
    with bylaw.Policy("merge.bylaw", text) as policy, bylaw.Engine(policy) as engine:
        for outcome in engine.feed({"type": "grant", "role": "reviewer", "to": "ana"}):
            print(outcome["type"])
        print(engine.why("fix-typo"))

What libbylaw says as JSON comes back as dictionaries. What fails is a bylaw.Error. The library is the one that $BYLAW_LIBRARY
names, else the one the system finds. This file shows how; it knows as much of bylaw.h as a bot needs.
"""
import ctypes
import json
import os

# ---- bylaw.h, as ctypes sees it: the same names, the same order of fields ----

_INTERFACE = "0"  # its version, up to the first dot


class _Text(ctypes.Structure):
    _fields_ = [("bytes", ctypes.c_char_p), ("size", ctypes.c_size_t)]


_WRITE = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.POINTER(ctypes.c_char), ctypes.c_size_t)
_OUTCOME = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)


class _Writer(ctypes.Structure):
    _fields_ = [("write", _WRITE), ("context", ctypes.c_void_p)]


class _Limits(ctypes.Structure):
    _fields_ = [("memory_size", ctypes.c_size_t)] + [
        (name, ctypes.c_uint32) for name in ("line_size", "step_count", "actor_count", "instance_count", "proposal_count")]


class _CompileOptions(ctypes.Structure):
    _fields_ = [("name", _Text), ("text", _Text), ("load", ctypes.c_void_p), ("load_context", ctypes.c_void_p),
                ("allocator", ctypes.c_void_p), ("limits", _Limits)]


class _EngineOptions(ctypes.Structure):
    _fields_ = [("outcome", _OUTCOME), ("context", ctypes.c_void_p), ("verbose", ctypes.c_bool), ("ballots", ctypes.c_bool),
                ("record", ctypes.c_bool), ("stop_on_malformed", ctypes.c_bool), ("at", _Text), ("at_seq", ctypes.c_uint64),
                ("allocator", ctypes.c_void_p), ("limits", _Limits)]


class _Question(ctypes.Structure):
    _fields_ = [("about", _Text), ("word", _Text), ("depth", ctypes.c_int), ("format", ctypes.c_int), ("color", ctypes.c_bool)]


_OK, _ABSENT = 0, 5
_TEXT, _JSON = 0, 1
_EVENTS = 1
RULES, SENTENCE, EVERYTHING = range(3)


def _load():
    library = ctypes.CDLL(os.environ.get("BYLAW_LIBRARY", "libbylaw.so." + _INTERFACE))
    # ctypes takes every result and argument for an int until it is told otherwise.
    pointer = ctypes.c_void_p
    library.bylaw_version.restype = ctypes.c_char_p
    if library.bylaw_version().decode().split(".")[0] != _INTERFACE:
        raise ImportError(f"bylaw.py describes libbylaw {_INTERFACE}; there is {library.bylaw_version().decode()}")
    library.bylaw_status_text.restype = ctypes.c_char_p
    library.bylaw_policy_compile.argtypes = [ctypes.POINTER(_CompileOptions), ctypes.POINTER(pointer)]
    library.bylaw_policy_destroy.argtypes = [pointer]
    library.bylaw_policy_diagnostics.argtypes = [pointer, ctypes.c_int, ctypes.c_bool, _Writer]
    library.bylaw_outcome_write.argtypes = [pointer, ctypes.c_int, ctypes.c_bool, pointer, _Writer]
    library.bylaw_engine_create.argtypes = [pointer, ctypes.POINTER(_EngineOptions), ctypes.POINTER(pointer)]
    library.bylaw_engine_destroy.argtypes = [pointer]
    library.bylaw_engine_feed.argtypes = [pointer, ctypes.c_int, ctypes.c_char_p, ctypes.c_size_t]
    library.bylaw_engine_end.argtypes = [pointer, ctypes.c_int]
    for question in (library.bylaw_engine_why, library.bylaw_engine_needs):
        question.argtypes = [pointer, ctypes.POINTER(_Question), _Writer]
    return library


_library = _load()
version = _library.bylaw_version().decode()


class Error(Exception):
    """What the library could not do. Of a policy with errors: its diagnostics, as `bylaw check` prints them."""


class Absent(Error):
    """There is no such proposal; `nearest` is the nearest name there is, or empty."""

    def __init__(self, nearest):
        super().__init__(f"no such proposal{f'; do you mean {nearest}?' if nearest else ''}")
        self.nearest = nearest


def _text(string):
    """The caller keeps the bytes alive: ctypes does so for the length of a call when they are in a structure it is given."""
    encoded = string.encode()
    return _Text(encoded, len(encoded))


def _check(status):
    if status != _OK:
        raise Error(_library.bylaw_status_text(status).decode())


def _written(call):
    """Gives `call` a writer; returns its status and all that was written to it."""
    pieces = []
    write = _WRITE(lambda context, at, size: pieces.append(ctypes.string_at(at, size)))
    status = call(_Writer(write, None))
    return status, b"".join(pieces).decode()


# ---- what Python programs see ----


class Policy:
    """A compiled policy. Destroy it (or leave its `with`) after its engines."""

    def __init__(self, name, text):
        self._handle = ctypes.c_void_p()
        options = _CompileOptions(name=_text(name), text=_text(text))
        status = _library.bylaw_policy_compile(ctypes.byref(options), ctypes.byref(self._handle))
        if status != _OK and self._handle:
            _, diagnostics = _written(lambda out: _library.bylaw_policy_diagnostics(self._handle, _TEXT, False, out))
            self.destroy()
            raise Error(diagnostics)
        _check(status)

    def destroy(self):
        _library.bylaw_policy_destroy(self._handle)
        self._handle = ctypes.c_void_p()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.destroy()


class Engine:
    """A world under a policy. Takes events and says what came of them; answers questions."""

    def __init__(self, policy, memory_size=0):
        self._policy = policy  # must live as long as the engine
        self._handle = ctypes.c_void_p()
        self._outcomes = []
        # Kept with the engine: what Python forgets, the library cannot call.
        self._hear = _OUTCOME(self._take_outcome)
        options = _EngineOptions(outcome=self._hear, record=True, limits=_Limits(memory_size=memory_size))
        _check(_library.bylaw_engine_create(policy._handle, ctypes.byref(options), ctypes.byref(self._handle)))

    def _take_outcome(self, context, outcome):
        _, line = _written(lambda out: _library.bylaw_outcome_write(outcome, _JSON, False, None, out))
        self._outcomes.append(line)

    def feed(self, event):
        """Takes one event, a dictionary or a line of JSON; returns its outcomes as dictionaries."""
        line = (event if isinstance(event, str) else json.dumps(event)).encode()
        _check(_library.bylaw_engine_feed(self._handle, _EVENTS, line, len(line)))
        _check(_library.bylaw_engine_end(self._handle, _EVENTS))
        heard, self._outcomes = self._outcomes, []
        return [json.loads(line) for line in heard]

    def _ask(self, question, about, **more):
        asked = _Question(about=_text(about), **more)
        status, said = _written(lambda out: question(self._handle, ctypes.byref(asked), out))
        if status == _ABSENT:
            raise Absent(said)
        _check(status)
        return said

    def why(self, proposal, depth=SENTENCE):
        """Why a proposal stands as it does, in words."""
        return self._ask(_library.bylaw_engine_why, proposal, depth=depth, format=_TEXT)

    def needs(self, proposal):
        """What is missing for it to be accepted, in words."""
        return self._ask(_library.bylaw_engine_needs, proposal, format=_TEXT)

    def needs_sets(self, proposal):
        """The same for programs: the sets of acts, and the line that sums up (docs/needs.md)."""
        lines = self._ask(_library.bylaw_engine_needs, proposal, format=_JSON).splitlines()
        *sets, summary = [json.loads(line) for line in lines]
        return sets, summary

    def destroy(self):
        _library.bylaw_engine_destroy(self._handle)
        self._handle = ctypes.c_void_p()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.destroy()
