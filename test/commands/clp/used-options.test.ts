/**
 * Every option that scripts of the field and the manuals' procedures use is one that its command knows.
 * What the command then says of the fake cluster is not looked at here.
 */
import test from 'ava';
import { run, stage } from './fake-environment.ts';

/** Lines as they are typed; names are those of the fake cluster. */
const USED = `
clpstat
clpstat -s
clpstat --long
clpstat -g
clpstat -m
clpstat -n
clpstat -i
clpstat -i --detail
clpstat -p
clpstat -f
clpstat --cl
clpstat --sv
clpstat --sv server1
clpstat --svg
clpstat --hb
clpstat --hb lanhb1
clpstat --np
clpstat --fnc
clpstat --xcl
clpstat --grp
clpstat --grp failover1 --detail
clpstat --rsc
clpstat --rsc fip1
clpstat --mon
clpstat --mon userw
clpstat --local
clpstat -h server2
clpcl -s
clpcl -s -a
clpcl -t -h server2
clpcl -t -w 60
clpcl -t -a --apito 60
clpcl -t --apito 60
clpcl -r --web
clpcl -r --alert
clpcl -r --ib
clpcl -r --api
clpcl -r --md
clpcl --suspend
clpcl --suspend --force
clpcl --resume
clpdown
clpdown -r
clpstdn
clpstdn -r
clpgrp -s
clpgrp -s failover1 -h server1
clpgrp -s failover1 -f
clpgrp -t failover1
clpgrp -m failover1 -a server2
clpgrp -n failover1
clprsc -s exec1
clprsc -t exec1 -f
clprsc -s exec1 -h server1
clprsc -n exec1
clpmonctrl -s
clpmonctrl -s -m userw -h server1
clpmonctrl -r -m userw -w 30
clpmonctrl -s -v
clptoratio -r 3 -t 1h
clptoratio -r 3 -t 1d
clptoratio -r 3 -t 30m
clptoratio -i
clptoratio -s
clpmdstat --mirror md1
clpmdstat -m md1
clpmdstat --active md1
clpmdstat -a
clpmdstat --detail md1
clpmdstat -d md1
clpmdstat --list
clpmdstat -l
clpmdstat --perf md1
clpmdstat -p md1
clphdstat --mirror hd1
clphdstat -a
clphdstat -l
clpmdctrl --active md1
clpmdctrl --active -nomount md1
clpmdctrl -a -f md1
clpmdctrl --deactive md1
clpmdctrl -d md1
clpmdctrl --break md1
clpmdctrl -b md1
clpmdctrl --force md1
clpmdctrl --force server1 md1
clpmdctrl -f server1 md1
clpmdctrl --recovery md1
clpmdctrl -r md1
clpmdctrl --cancel md1
clpmdctrl -c md1
clpmdctrl --rwait md1 -timeout 5 -rcancel
clpmdctrl --getreplace md1
clpmdctrl --setreplace md1
clpmdctrl --sync md1
clpmdctrl --nosync md1
clpmdctrl --compress md1
clpmdctrl --mdcswitch md1
clpmdctrl --resize 500G md1
clpmdctrl --resize -force 500G md1
clpmdctrl --updatekey md1
clpmdctrl --statsave md1
clphdctrl --active hd1
clphdctrl --force server1 hd1
clphdctrl --recovery hd1
clpmdinit --create normal md1
clpmdinit --create quick md1
clpmdinit --create force md1
clphdinit --create force hd1
clpmdchng --execute /dev/sdb
clpmdchng --execcute /dev/sdb
clpcfctrl --push -l -d /dev/fd0 -m /mnt/floppy
clpcfctrl --push -w
clpcfctrl --push -x /root
clpcfctrl --push -x .
clpcfctrl --push -x /root --force --nocheck
clpcfctrl --push -x /root -c server2
clpcfctrl --push -x /root -h 10.0.0.2
clpcfctrl --pull -l -x /root
clpcfctrl --pull -w
clpcfctrl --dpush -x /root
clpcfctrl --compcheck -x /root
clpcfchk -i /root -o /root
clpcfset add grp failover failover9
clpcfset del grp failover failover9
clpcfget -g /root/cluster/name
clpcfget -e /root/monitor/types
clpsvcctrl.sh --enable -a
clpsvcctrl.sh --disable core mgr
clpsvcctrl.sh --enable alertsync webmgr
clpsvcctrl.sh --disable api ib md
clproset -w -d /dev/sdb2
clproset -o -d /dev/sdb2
clproset -o -r md1
clplcnsc -i /root/a.key
clplcnsc -i /root/a.key /root/b.key
clplcnsc -l -p SE30
clplcnsc -d -p SE30
clplcnsc --distribute
clplcnsc --reregister /root
clpbackup.sh --pre
clpbackup.sh --pre --no-shutdown
clpbackup.sh --pre --only-shutdown
clpbackup.sh --pre --online
clpbackup.sh --post
clpbackup.sh --post --no-reboot
clpbackup.sh --post --only-reboot
clprestore.sh --pre
clprestore.sh --pre --only-shutdown
clprestore.sh --post --skip-copy
clprestore.sh --post --only-reboot
clpbwctrl -c
clplogcc
clplogcc -t type1 -o /root
clplogcc -t type6 -n server1
clplogcc -t type3 -l
clplogcmd -m hello
clplogcmd -m hello -l ERR -i 3
clplogcmd -m hello -L WARN --alert --syslog --mail
clprexec --script notify.sh -h 10.0.0.2
clprexec --failover -h 10.0.0.2
clptrnreq -t EXEC_SCRIPT -h 10.0.0.2 -s notify.sh
clpfwctrl.sh --add
clpfwctrl.sh --remove
clpperfc -m userw
clpperfc -g failover1
clpregctrl --get
clpregctrl --clear -t rm -r haltcount
`
  .trim()
  .split('\n');

/** What a command says of words that it does not know. */
const UNKNOWN = /unknown option|unexpected argument|needs a value|takes no value|is given twice/;

for (const line of USED) {
  test(`its options are known: ${line}`, async (t) => {
    const on = stage();
    on.replies = ['n', 'n', 'n', 'n'];
    const { stderr } = await run(on, line);
    t.notRegex(stderr, UNKNOWN);
  });
}

test('an option that a command does not know is refused in those words', async (t) => {
  const { code, stderr } = await run(stage(), 'clpstat --nothing');
  t.is(code, 2);
  t.regex(stderr, UNKNOWN);
});
