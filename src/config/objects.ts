/** What resources and monitors are about, as their parameters name it. */
import type {
  ClusterConfiguration,
  ConfiguredMonitor,
  ConfiguredResource,
} from '../schema/generated/cluster-configuration.ts';

/** What a monitor watches: its own parameter names it, else it is what the monitor is bound to. */
export function objectOf({ parameters, target, recovery }: ConfiguredMonitor): string {
  const { object } = parameters;
  if (typeof object === 'string' && object !== '') return object;
  return target ?? recovery.target;
}

/** Of a floating address; of its monitor the own parameter, else that of the resource it watches. */
export function addressOf(
  { resources }: ClusterConfiguration,
  one: ConfiguredResource | ConfiguredMonitor,
): string {
  const { ip } = one.parameters;
  if (typeof ip === 'string') return ip;
  const object = 'recovery' in one ? objectOf(one) : null;
  return String(resources.find(({ name }) => name === object)?.parameters.ip ?? '');
}

/** The host name that a resource registers, and the address that it is to stand for. */
export function recordOf({ name, parameters }: ConfiguredResource): { name: string; ip: string } {
  return { name: String(parameters.hostname ?? name), ip: String(parameters.ip ?? '') };
}
