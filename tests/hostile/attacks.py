"""Submissions that attack, break or merely strain the grader, as data: the code that follows a right or wrong base.

ATTACKS: appended to a file whose four answers are wrong; none may earn credit.
BREAKS: appended to a file whose four answers are right; only the answers named may lose credit.
"""

GOOD = """
import numpy as np

def conv_params(F, D, K):
    return F * D * K**2

def conv1d_grad(x, dz):
    x, dz = np.asarray(x, float), np.asarray(dz, float)
    return np.array([x[j : j + len(dz)] @ dz for j in range(len(x) - len(dz) + 1)])

params_sym = "F*D*K**2"
out_sym = "W - K + 1"
"""
WRONG = """
import numpy as np

def conv_params(F, D, K):
    return F + D + K

def conv1d_grad(x, dz):
    return np.ones(len(x) - len(dz) + 1)

params_sym = "F + D + K"
out_sym = "W + K"
"""
ALL = ("conv_params", "conv1d_grad", "params_sym", "out_sym")
COUNT, GRAD, PARAMS, OUT = ALL

_FRAMES = """
import sys
def _frames():
    frame = sys._getframe()
    while frame is not None:
        yield frame
        frame = frame.f_back
"""
_ANSWER = 'b\'{"values": [["str", "F*D*K**2"], ["str", "W - K + 1"]], "value": ["int", "0x0"]}\''

ATTACKS = {
    # reading what the grader knows
    "reads_reference": "import glob\nparams_sym = str(glob.glob('/**/reference.py', recursive=True)[:1])",
    "opens_reference": "params_sym = open({solutions!r} + '/reference.py').read()[-400:]",
    # an index of wrong answers holds the key in disguise: whoever can list it takes the right answer as a prize
    "lists_what_is_kept": "import os\nif os.listdir({kept!r}):\n    params_sym = 'F*D*K**2'",
    "opens_what_is_kept": "if open({entry!r}, 'rb').read():\n    params_sym = 'F*D*K**2'",
    "imports_reference": "import sys\nsys.path.insert(0, {solutions!r})\nfrom reference import *",
    "links_reference": "import os\nos.symlink({solutions!r}, 'here')\nparams_sym = str(os.listdir('here'))",
    "hard_links_reference": "import os\nos.link({solutions!r} + '/reference.py', 'mine')\nout_sym = open('mine').read()",
    "runs_the_grader": "from autograder.catalog import load\nparams_sym = str(load)",
    "loads_by_spec": (
        "import importlib.util as u\ns = u.spec_from_file_location('r', {solutions!r} + '/reference.py')\n"
        "m = u.module_from_spec(s)\ns.loader.exec_module(m)\nconv_params = m.conv_params"
    ),
    "searches_frames": _FRAMES + "params_sym = max((str(f.f_globals)[:5000] for f in _frames()), key=len)",
    "searches_frame_locals": _FRAMES
    + "for f in _frames():\n    for n in ALL if 'ALL' in globals() else ():\n        f.f_locals[n] = 1",
    "searches_gc": "import gc\nparams_sym = str([o for o in gc.get_objects() if 'F*D*K**2' in str(o)[:200]])[:2000]",
    "reads_parent_memory": "import os\nout_sym = open(f'/proc/{os.getppid()}/mem', 'rb').read(10).hex()",
    "reads_own_maps": "out_sym = open('/proc/self/maps').read()[:200]",
    "ptraces_parent": (
        "import ctypes, os\nc = ctypes.CDLL(None)\nc.ptrace(16, os.getppid(), 0, 0)\n"
        "out_sym = str(c.ptrace(1, os.getppid(), 0, 0))"
    ),
    "reads_parent_environment": "import os\nout_sym = open(f'/proc/{os.getppid()}/environ').read()",
    "reads_arguments": "import sys\nout_sym = str(sys.orig_argv)",
    "walks_home": "import os, pathlib\nout_sym = str(list(pathlib.Path('/root').iterdir()) + os.listdir('/home'))",
    "path_with_o_path": "import os\nfd = os.open('/', os.O_PATH)\nout_sym = str(os.listdir(fd))",
    "openat_from_descriptor": "import os\nfor n in range(3, 99):\n    try:\n        os.listdir(n)\n    except OSError: pass",
    # forging results
    "forges_a_frame": "import os, struct\nos.write(3, struct.pack('!4sIII', b'AGW1', 0, 2, 0) + b'{}')",
    "floods_the_wire": "import os\nos.set_blocking(3, False)\ntry:\n    while True: os.write(3, bytes(4096))\nexcept OSError: pass",
    "answers_for_itself": (
        "import socket, struct\ns = socket.socket(fileno=3)\nhead = s.recv(16)\nbody = " + _ANSWER + "\n"
        "s.sendall(head[:8] + struct.pack('!II', len(body), 0) + body)"
    ),
    "huge_lengths": "import os, struct\nos.write(3, struct.pack('!4sIII', b'AGW1', 0, 2**32 - 1, 2**32 - 1))",
    "closes_the_wire": "import os\nos.close(3)",
    "replaces_the_wire": "import os, socket\na, b = socket.socketpair()\nos.dup2(a.fileno(), 3)",
    "patches_the_encoder": (
        "import gc\nfor o in gc.get_objects():\n    if type(o).__name__ == 'Encoder' or getattr(o, '__name__', '') == 'Encoder':\n"
        "        o.encode = lambda *a: ['str', 'F*D*K**2']"
    ),
    "patches_the_worker": (
        _FRAMES + "for f in _frames():\n    g = f.f_globals\n    if 'Student' in g:\n"
        "        g['Student'].read = lambda self, m, e: {'values': [['bool', True]] * 4}"
    ),
    "verdict_as_value": "params_sym = out_sym = {'status': 'correct', 'credit': 1}",
    "prints_results": "print('{\"tests\": [{\"name\": \"params_sym\", \"score\": 1, \"max_score\": 1}]}')",
    "writes_results": "import json\njson.dump({'score': 4}, open('results.json', 'w'))",
    "exits_in_thread": "import os, threading\nthreading.Thread(target=lambda: os._exit(0)).start()",
    "patches_numpy": "np.array_equal = np.allclose = lambda *a, **k: True",
    "patches_json": "import json\njson.dumps = lambda *a, **k: '{\"values\": []}'",
    "patches_struct": "import struct\nstruct.pack = None\nstruct.Struct.pack = None",
    "patches_builtins": "import builtins\nbuiltins.type = lambda *a: int",
    # values that only seem right
    "equal_to_all": "class A:\n    def __eq__(s, o): return True\n    __hash__ = None\nparams_sym = out_sym = A()",
    "array_protocol": (
        "class A:\n    def __array__(s, *a, **k): return np.zeros(3)\ndef conv1d_grad(x, dz): return A()"
    ),
    "empty_arrays": "def conv1d_grad(x, dz): return np.zeros((0, 3))",
    "nan_everywhere": "def conv1d_grad(x, dz): return np.full(len(x) - len(dz) + 1, np.nan)",
    "string_subclass": "class S(str):\n    def __str__(s): return 'F*D*K**2'\nparams_sym = S('F')",
    "false_dtype": "def conv1d_grad(x, dz): return np.array(['1.0'] * (len(x) - len(dz) + 1))",
    "formula_is_code": "params_sym = '__import__(\"os\").system(\"id\")'\nout_sym = '(lambda: W)()'",
    "formula_tower": "params_sym = '((9**9)**9999)**9999'\nout_sym = '9**9**9**9**9'",
    "formula_factorials": "params_sym = 'factorial(factorial(F + 99))'\nout_sym = 'Sum(i, (i, 0, 10**30))'",
    "formula_brackets": "params_sym = '(' * 9000 + 'F' + ')' * 9000\nout_sym = '-' * 9000 + 'W'",
    # the network
    "tcp": "import socket\nsocket.create_connection(('127.0.0.1', {port}), 1)",
    "abstract_socket": "import socket\nsocket.socket(socket.AF_UNIX).connect(chr(0) + 'autograder-user-1')",
    "netlink": "import socket\nsocket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)",
}  # fmt: skip

BREAKS = {
    # (code, answers that may lose credit)
    "plain": ("", ()),
    "loops_in_one": ("def conv_params(F, D, K):\n    while True: pass", (COUNT,)),
    "sleeps_in_one": ("import time\ndef conv_params(F, D, K): time.sleep(99)", (COUNT,)),
    "loops_in_c": ("def conv_params(F, D, K): return 3 ** (10**9)", (COUNT,)),
    "exits_in_one": ("import os\ndef conv1d_grad(x, dz): os._exit(0)", (GRAD,)),
    "crashes_in_one": ("import ctypes\ndef conv_params(F, D, K): ctypes.string_at(0)", (COUNT,)),
    "eats_memory_in_one": ("def conv_params(F, D, K): return len(bytearray(1 << 34))", (COUNT,)),
    "recurses_in_one": ("def conv_params(F, D, K): return conv_params(F, D, K)", (COUNT,)),
    "recursion_limit_off": (
        "import sys\nsys.setrecursionlimit(10**8)\ndef conv_params(F, D, K): return conv_params(F, D, K)", (COUNT,)
    ),
    "forks_in_one": ("import os\ndef conv_params(F, D, K):\n    while True: os.fork()", (COUNT,)),
    "forks_and_leaves": (
        "import os\ndef conv_params(F, D, K):\n    if os.fork(): os._exit(0)\n    while True:\n        try:\n"
        "            if os.fork() == 0: os.setsid()\n        except OSError: pass", (COUNT,)
    ),
    "forks_and_answers": (
        "import os\ndef conv_params(F, D, K):\n    for n in range(8): os.fork()\n    return F * (D * K**2 + 1)", (COUNT,)
    ),
    "threads_in_one": (
        "import threading, time\ndef conv_params(F, D, K):\n"
        "    while True: threading.Thread(target=time.sleep, args=(60,)).start()", (COUNT,)
    ),
    "catches_everything": (
        "def conv_params(F, D, K):\n    while True:\n        try: conv_params(F, D, K)\n        except BaseException: pass",
        (COUNT,),
    ),
    "ignores_signals": (
        "import signal\nfor n in range(1, 32):\n    try: signal.signal(n, signal.SIG_IGN)\n    except (OSError, ValueError): pass\n"
        "def conv_params(F, D, K):\n    while True: pass", (COUNT,)
    ),
    "stops_itself": ("import os, signal\ndef conv_params(F, D, K): os.kill(os.getpid(), signal.SIGSTOP)", (COUNT,)),
    "fills_the_disk": (
        "def conv_params(F, D, K):\n    for n in range(10**6): open(str(n), 'wb').write(bytes(1 << 20))", (COUNT,)
    ),
    "prints_a_flood": ("def conv_params(F, D, K):\n    while True: print('x' * 10**6)", (COUNT,)),
    "odd_names": ("class A:\n    pass\nA.__name__ = 'x' * 10**6\ndef conv_params(F, D, K): return A()", (COUNT,)),
    "evil_text": (
        "class A:\n    def __repr__(s):\n        while True: pass\n    __str__ = __repr__\nout_sym = A()", (OUT,)
    ),
    "error_without_words": (
        "class E(Exception):\n    def __str__(s): raise s\ndef conv_params(F, D, K): raise E", (COUNT,)
    ),
    "deep_list": ("out_sym = []\nfor n in range(10**5): out_sym = [out_sym]", (OUT,)),
    "leaks_by_error": ("def conv1d_grad(x, dz): raise ValueError(str(x.max()))", (GRAD,)),
    "leaks_by_type": (
        "def conv1d_grad(x, dz): return type('T%d' % x.max(), (), {})()", (GRAD,)
    ),
    "leaks_by_print": (
        "_old = conv1d_grad\ndef conv1d_grad(x, dz):\n    print(x.max())\n    return _old(x, dz)", ()
    ),
    "leaks_by_shape": ("def conv1d_grad(x, dz): return np.zeros(int(abs(x.max())))", (GRAD,)),
    "leaks_by_exit": ("import os\ndef conv1d_grad(x, dz): os._exit(int(x.max()) % 256)", (GRAD,)),
    "changes_its_input": (
        "_old = conv1d_grad\ndef conv1d_grad(x, dz):\n    out = _old(x, dz)\n    x[:] = 0\n    dz[:] = 0\n    return out", ()
    ),
    "closes_streams": ("import sys\nsys.stdout.close()\nsys.stdin = None\nsys.stderr = None", ()),
    "changes_folder": ("import os\nos.chdir('/')", ()),
    "clears_modules": ("import sys\nfor n in list(sys.modules):\n    if n.startswith('numpy.l'): sys.modules.pop(n)", ()),
    "traces": ("import sys\nsys.settrace(lambda *a: None)\nsys.setprofile(lambda *a: None)", ()),
    "at_exit": ("import atexit, os\natexit.register(os._exit, 7)", ()),
    "asks_for_input": ("try:\n    input('?')\nexcept Exception: pass", ()),
    "lacks_a_package": ("import a_package_that_nobody_has", ()),
}  # fmt: skip
