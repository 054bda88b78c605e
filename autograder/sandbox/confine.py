"""The walls around student code, built by the worker itself before the first student byte runs.

Standard library only, and nothing else of this package: the worker loads this file by its path.  Every wall is
applied where the machine allows it; `raise_walls` says which ones stand.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import signal
import struct
import sys

__all__ = ["raise_walls"]

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP = 1, 4, 38, 22
PR_GET_NO_NEW_PRIVS, PR_GET_SECCOMP = 39, 21
LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446
READ = 0b1101  # execute, read file, read directory
WRITE = 0b1111111110010  # everything on files and folders but execute and reading
READ_FILES = 0b1100
FS_BITS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16, 6: 16}

ALLOW, DENY, MISSING, KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000  # EPERM, ENOSYS
CLONE_THREAD = 0x00010000

# syscall numbers: name -> (x86-64, aarch64); None where the architecture has no such call
CALLS: dict[str, tuple[int | None, int | None]] = {
    "socket": (41, 198), "connect": (42, 203), "accept": (43, 202), "accept4": (288, 242), "bind": (49, 200),
    "listen": (50, 201), "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "kcmp": (312, 272), "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219), "bpf": (321, 280),
    "perf_event_open": (298, 241), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "chroot": (161, 51), "unshare": (272, 97), "setns": (308, 268), "execve": (59, 221), "execveat": (322, 281),
    "fork": (57, None), "vfork": (58, None), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427), "userfaultfd": (323, 282), "open_by_handle_at": (304, 265),
    "name_to_handle_at": (303, 264), "quotactl": (179, 60), "swapon": (167, 224), "swapoff": (168, 225),
    "reboot": (169, 142), "sethostname": (170, 161), "setdomainname": (171, 162), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "syslog": (103, 116), "acct": (163, 89),
    "personality": (135, 92), "ioperm": (173, None), "iopl": (172, None), "modify_ldt": (154, None),
    "shmget": (29, 194), "shmat": (30, 196), "semget": (64, 190), "msgget": (68, 186), "mq_open": (240, 180),
    "kexec_load": (246, 104), "kexec_file_load": (320, 294), "tkill": (200, 130), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240), "pidfd_open": (434, 434), "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424), "process_madvise": (440, 440), "process_mrelease": (448, 448),
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452), "chown": (92, None),
    "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54), "utime": (132, None), "utimes": (235, None),
    "futimesat": (261, None), "utimensat": (280, 88), "setxattr": (188, 5), "lsetxattr": (189, 6),
    "fsetxattr": (190, 7), "removexattr": (197, 14), "mknod": (133, None), "mknodat": (259, 33),
    "setsid": (112, 157), "setpgid": (109, 154), "setuid": (105, 146), "setgid": (106, 144),
    "setresuid": (117, 147), "setresgid": (119, 149), "setgroups": (116, 159),
    "capset": (126, 91), "fanotify_init": (300, 262),
    "lookup_dcookie": (212, 18), "move_mount": (429, 429), "open_tree": (428, 428), "fsopen": (430, 430),
    "fsmount": (432, 432), "mount_setattr": (442, 442), "memfd_secret": (447, 447), "vmsplice": (278, 75),
}  # fmt: skip
CLONE, CLONE3, KILL_CALL, TGKILL, PRLIMIT, PRCTL = (
    (56, 220),
    (435, 435),
    (62, 129),
    (234, 131),
    (302, 261),
    (157, 167),
)
ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}


def raise_walls(plan: dict) -> dict:  # type: ignore[type-arg]
    """Build every wall of the plan that this machine allows; returns {wall: "on" | "off: why"}."""
    state: dict[str, str] = {}
    skipped = set(plan.get("without", ()))
    _first_to_go()
    _limits(plan["limits"], state)
    _other_user(plan.get("uid"), state)
    if not sys.platform.startswith("linux"):
        return state | dict.fromkeys(("no_new_privs", "landlock", "seccomp"), f"off: not on {sys.platform}")
    libc = ctypes.CDLL(None, use_errno=True)
    state["no_new_privs"] = _outcome(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    if os.getppid() != plan["parent"]:  # the parent died before the death signal was asked for
        os._exit(0)
    for name, build in (("landlock", _landlock), ("seccomp", _seccomp)):
        if name in skipped:
            state[name] = "off: switched off"
            continue
        try:
            state[name] = build(libc, plan)
        except Exception as error:  # noqa: BLE001 - a wall that cannot be built is reported, the others still stand
            state[name] = f"off: {error}"
    return state


def _outcome(code: int) -> str:
    return "on" if code == 0 else f"off: {os.strerror(ctypes.get_errno())}"


def _limits(limits: dict, state: dict) -> None:  # type: ignore[type-arg]
    wanted = {
        "RLIMIT_AS": limits["memory"],
        "RLIMIT_CPU": limits["cpu"],
        "RLIMIT_NPROC": limits["processes"],
        "RLIMIT_FSIZE": limits["file"],
        "RLIMIT_NOFILE": limits["open_files"],
        "RLIMIT_CORE": 0,
        "RLIMIT_STACK": 64 << 20,
        "RLIMIT_MEMLOCK": 1 << 16,
        "RLIMIT_MSGQUEUE": 0,
    }
    failed = []
    for name, value in wanted.items():
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        _, hard = resource.getrlimit(kind)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(kind, (value, value))
        except (ValueError, OSError):
            failed.append(name)
    state["rlimits"] = "on" if not failed else f"off: {', '.join(failed)}"


def _first_to_go() -> None:
    """Where a container's memory runs out, the kernel ends this process rather than the grader."""
    try:
        with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
            file.write("1000")
    except OSError:
        return


def _other_user(uid: int | None, state: dict) -> None:  # type: ignore[type-arg]
    if uid is None:
        state["uid"] = "off: only root can change the user"
        return
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    state["uid"] = "on"


def _landlock(libc: ctypes.CDLL, plan: dict) -> str:  # type: ignore[type-arg]
    abi = libc.syscall(LANDLOCK_CREATE, None, 0, 1)
    if abi < 1:
        return f"off: {os.strerror(ctypes.get_errno())}"
    every = (1 << FS_BITS.get(abi, 16)) - 1
    net = 0b11 if abi >= 4 else 0
    scope = 0b11 if abi >= 6 else 0
    attributes = struct.pack("QQQ", every, net, scope)[: 8 if abi < 4 else 16 if abi < 6 else 24]
    ruleset = libc.syscall(LANDLOCK_CREATE, attributes, len(attributes), 0)
    if ruleset < 0:
        return f"off: {os.strerror(ctypes.get_errno())}"
    for path in plan["readable"]:
        _rule(libc, ruleset, path, READ & every)
    for path in plan["writable"]:
        _rule(libc, ruleset, path, every & ~1)
    result = _outcome(libc.syscall(LANDLOCK_RESTRICT, ruleset, 0))
    os.close(ruleset)
    return result


def _rule(libc: ctypes.CDLL, ruleset: int, path: str, access: int) -> None:
    try:
        folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not os.path.isdir(path):
            access &= 0b100000000000110 | 0b1  # what a file can grant: execute, write, read, truncate
        libc.syscall(LANDLOCK_ADD, ruleset, 1, struct.pack("=Qi", access, folder), 0)
    finally:
        os.close(folder)


def _instruction(code: int, jump_true: int, jump_false: int, value: int) -> bytes:
    return struct.pack("HBBI", code, jump_true, jump_false, value & 0xFFFFFFFF)


def _load(offset: int) -> bytes:
    return _instruction(0x20, 0, 0, offset)


def _return(value: int) -> bytes:
    return _instruction(0x06, 0, 0, value)


def _if_equal(value: int, then: list[bytes]) -> list[bytes]:
    """Run `then` (which ends in a return) where the loaded word has this value."""
    return [_instruction(0x15, 0, len(then), value), *then]


def _filter(column: int, architecture: int, pid: int) -> list[bytes]:
    """The program: no other architecture, no new process, no program, no network, no signal to others."""
    program = [_load(4), *_unless_equal(architecture, _return(KILL)), _load(0)]
    if column == 0:  # the x32 calls of x86-64
        program += [_instruction(0x35, 0, 1, 0x40000000), _return(DENY)]
    for numbers in CALLS.values():
        if numbers[column] is not None:
            program += _if_equal(numbers[column] or 0, [_return(DENY)])
    program += _if_equal(CLONE3[column], [_return(MISSING)])
    thread_only = [_load(16), _instruction(0x45, 1, 0, CLONE_THREAD), _return(DENY), _return(ALLOW)]
    program += _if_equal(CLONE[column], thread_only)
    for call in (KILL_CALL, TGKILL):  # only to itself: abort() and raise do that
        program += _if_equal(call[column], [_load(16), *_unless_equal(pid, _return(DENY)), _return(ALLOW)])
    own = [_load(16), _instruction(0x15, 1, 0, 0), *_unless_equal(pid, _return(DENY)), _return(ALLOW)]
    program += _if_equal(PRLIMIT[column], own)
    # the death signal stays: a worker must not outlive its host
    death = [_load(16), _instruction(0x15, 0, 1, PR_SET_PDEATHSIG), _return(DENY), _return(ALLOW)]
    program += _if_equal(PRCTL[column], death)
    return [*program, _return(ALLOW)]


def _unless_equal(value: int, then: bytes) -> list[bytes]:
    return [_instruction(0x15, 1, 0, value), then]


def _seccomp(libc: ctypes.CDLL, plan: dict) -> str:  # type: ignore[type-arg]
    machine = platform.machine()
    if machine not in ARCHITECTURES:
        return f"off: no filter for {machine}"
    column, architecture = ARCHITECTURES[machine]
    program = b"".join(_filter(column, architecture, os.getpid()))
    buffer = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(buffer))
    return _outcome(libc.prctl(PR_SET_SECCOMP, 2, header, 0, 0))
