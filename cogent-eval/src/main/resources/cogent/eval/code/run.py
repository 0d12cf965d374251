# Runs a program that a model wrote, inside the sandbox, under limits that it cannot raise again.
# Arguments: limits as JSON, the program's path, and the name of the function to call or nothing.
import json
import os
import resource
import runpy
import sys

LIKELY = ("bisect", "collections", "copy", "functools", "heapq", "itertools", "math", "operator", "random", "re",
          "string", "typing", "builtins")


def confine(limits):
    for name, value in limits.items():
        if name.startswith("RLIMIT_"):
            kind = getattr(resource, name)
            hard = resource.getrlimit(kind)[1]
            value = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (value, value))
    if limits["uid"]:
        os.setgroups([])
        os.setresgid(limits["uid"], limits["uid"], limits["uid"])
        os.setresuid(limits["uid"], limits["uid"], limits["uid"])


def names():
    """What programs of this kind use without importing it."""
    found = {}
    for name in LIKELY:
        module = __import__(name)
        found[name] = module
        public = getattr(module, "__all__", None) or [key for key in vars(module) if not key.startswith("_")]
        found.update((key, getattr(module, key)) for key in public)
    found.pop("__name__", None)
    return found


def main():
    confine(json.loads(sys.argv[1]))
    program, function = sys.argv[2], sys.argv[3]
    sys.argv = [program]
    sys.setrecursionlimit(50000)
    if not function:
        runpy.run_path(program, names(), "__main__")
        return
    arguments = [json.loads(line) for line in sys.stdin.read().split("\n") if line.strip()]
    answer = os.dup(1)  # what the program prints is not its answer
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    made = runpy.run_path(program, names(), "program")
    owner = made["Solution"]() if "Solution" in made else None
    call = getattr(owner, function) if owner is not None else made[function]
    result = json.dumps(call(*arguments))
    with os.fdopen(answer, "w") as out:
        out.write(result)
        out.flush()
    os._exit(0)


main()
