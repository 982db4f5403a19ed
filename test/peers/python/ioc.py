"""A PVXS IOC with the records of one database; it ends with its standard input.

ioc.py DATABASE MACROS
"""

import os
import sys

os.environ['PVXS_QSRV_ENABLE'] = 'YES'

import pvxslibs.path  # noqa: E402
from epicscorelibs import ioc  # noqa: E402

ioc.start_ioc(
    database=sys.argv[1],
    macros=sys.argv[2],
    extra_dbd_load=(('pvxsIoc.dbd', pvxslibs.path.dbd_path),),
    extra_dso_load=('pvxslibs.lib.pvxsIoc',),
)
print('READY', flush=True)
sys.stdin.read()
