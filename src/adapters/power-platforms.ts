/**
 * How the power of a machine is read and cut, by platform, as data: commands to look, to order it off,
 * and to order it on again. `{name}` is a field of the machine's entry; secrets go into the environment, never into
 * arguments, which everybody may list. No template cycles or resets: that would not tell off.
 *
 * ipmitool: `-C` always, or a controller that does not answer the question for its suites costs 10 s
 * a command; few and short tries for a look, one try with a long wait for the order, since ipmitool
 * repeats what a slow controller has carried out already.
 */
export interface PlatformCommand {
  argv: readonly string[];
  /** It is killed after that. */
  limitMs: number;
}

export interface Platform {
  /** The field that a clp.conf gives as the device's `info`. */
  named: string;
  /** Fields without which a machine cannot be named, and what others are by themselves. */
  needs: readonly string[];
  otherwise: Readonly<Record<string, string>>;
  /** Environment by name. */
  env: Readonly<Record<string, string>>;
  look: PlatformCommand;
  order: PlatformCommand;
  /** In place of `order` for another way to be off (x5 2.12.4), by its name. */
  orders?: Readonly<Record<string, PlatformCommand>>;
  /** Switches it on again. */
  start: PlatformCommand;
  /** Whole lines of a look that ended with 0. Anything else is unknown. */
  on: readonly string[];
  off: readonly string[];
  /** Values of a field with which the power can be read and not be cut. */
  powerless?: { field: string; values: readonly string[] };
  /** Lists logins, a line each with commas between: whose `level` is one of `powerless` may not cut. */
  logins?: PlatformCommand & { field: string; name: number; level: number };
}

const BMC = ['-I', 'lanplus', '-C', '{cipher}', '-H', '{address}', '-p', '{port}'];
const BMC_LOGIN = ['-U', '{user}', '-E', '-L', '{privilege}'];

export const PLATFORMS: Readonly<Record<string, Platform>> = {
  bmc: {
    named: 'address',
    needs: ['address', 'user', 'password'],
    otherwise: { port: '623', cipher: '3', privilege: 'OPERATOR' },
    env: { IPMI_PASSWORD: '{password}' },
    look: {
      argv: ['ipmitool', ...BMC, ...BMC_LOGIN, '-N', '1', '-R', '1', 'power', 'status'],
      limitMs: 3_000,
    },
    order: {
      argv: ['ipmitool', ...BMC, ...BMC_LOGIN, '-N', '10', '-R', '1', 'power', 'off'],
      limitMs: 25_000,
    },
    start: {
      argv: ['ipmitool', ...BMC, ...BMC_LOGIN, '-N', '10', '-R', '1', 'power', 'on'],
      limitMs: 25_000,
    },
    on: ['Chassis Power is on'],
    off: ['Chassis Power is off'],
    powerless: { field: 'privilege', values: ['CALLBACK', 'USER', 'NO ACCESS'] },
    logins: {
      argv: ['ipmitool', '-c', ...BMC, ...BMC_LOGIN, '-N', '1', '-R', '1', 'user', 'list'],
      limitMs: 10_000,
      field: 'user',
      name: 1,
      level: 5,
    },
  },
  vcenter: {
    named: 'machine',
    needs: ['url', 'user', 'password', 'machine'],
    otherwise: {},
    env: { GOVC_URL: '{url}', GOVC_USERNAME: '{user}', GOVC_PASSWORD: '{password}' },
    look: {
      argv: ['govc', 'object.collect', '-s', '{machine}', 'runtime.powerState'],
      limitMs: 15_000,
    },
    order: { argv: ['govc', 'vm.power', '-off', '-force', '{machine}'], limitMs: 60_000 },
    start: { argv: ['govc', 'vm.power', '-on', '{machine}'], limitMs: 60_000 },
    on: ['poweredOn', 'suspended'],
    off: ['poweredOff'],
  },
  aws: {
    named: 'instance',
    needs: ['instance', 'region'],
    otherwise: {},
    env: {},
    look: {
      argv: [
        ...['aws', 'ec2', 'describe-instances', '--region', '{region}'],
        ...['--instance-ids', '{instance}', '--output', 'text'],
        ...['--query', 'Reservations[].Instances[].State.Name'],
      ],
      limitMs: 15_000,
    },
    order: {
      argv: [
        ...['aws', 'ec2', 'stop-instances', '--force', '--region', '{region}'],
        ...['--instance-ids', '{instance}'],
      ],
      limitMs: 60_000,
    },
    start: {
      argv: [
        ...['aws', 'ec2', 'start-instances', '--region', '{region}'],
        ...['--instance-ids', '{instance}'],
      ],
      limitMs: 60_000,
    },
    on: ['pending', 'running', 'stopping', 'shutting-down'],
    off: ['stopped', 'terminated'],
  },
  azure: {
    named: 'machine',
    needs: ['group', 'machine'],
    otherwise: {},
    env: {},
    look: {
      argv: [
        ...['az', 'vm', 'get-instance-view', '-g', '{group}', '-n', '{machine}', '-o', 'tsv'],
        ...['--query', "instanceView.statuses[?starts_with(code,'PowerState/')].code"],
      ],
      limitMs: 20_000,
    },
    order: {
      argv: ['az', 'vm', 'stop', '--skip-shutdown', '-g', '{group}', '-n', '{machine}'],
      limitMs: 120_000,
    },
    orders: {
      deallocate: {
        argv: ['az', 'vm', 'deallocate', '-g', '{group}', '-n', '{machine}'],
        limitMs: 120_000,
      },
    },
    start: { argv: ['az', 'vm', 'start', '-g', '{group}', '-n', '{machine}'], limitMs: 120_000 },
    on: ['PowerState/starting', 'PowerState/running', 'PowerState/stopping'],
    off: ['PowerState/stopped', 'PowerState/deallocated'],
  },
  oci: {
    named: 'instance',
    needs: ['instance'],
    otherwise: {},
    env: {},
    look: {
      argv: [
        ...['oci', 'compute', 'instance', 'get', '--instance-id', '{instance}'],
        ...['--raw-output', '--query', 'data."lifecycle-state"'],
      ],
      limitMs: 20_000,
    },
    order: {
      argv: [
        ...['oci', 'compute', 'instance', 'action', '--action', 'STOP'],
        ...['--instance-id', '{instance}'],
      ],
      limitMs: 60_000,
    },
    start: {
      argv: [
        ...['oci', 'compute', 'instance', 'action', '--action', 'START'],
        ...['--instance-id', '{instance}'],
      ],
      limitMs: 60_000,
    },
    on: ['PROVISIONING', 'STARTING', 'RUNNING', 'STOPPING'],
    off: ['STOPPED', 'TERMINATED'],
  },
};
