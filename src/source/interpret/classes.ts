import type { ClassValue, InstanceValue, Value } from '../values/value';

/** All classes of the script that `type` inherits from, itself first, in Python's order as far as scripts need it. */
export function lineage(type: ClassValue, depth = 0): ClassValue[] {
  if (depth > 20) return [type];
  const all = [type, ...type.bases.flatMap((base) => (base.kind === 'class' ? lineage(base, depth + 1) : []))];
  return all.filter((c, i) => all.lastIndexOf(c) === i);
}

/** A member of a class or of the classes above it; null when only a library could have it. */
export function findMember(type: ClassValue, name: string): Value | null {
  for (const one of lineage(type)) {
    const member = one.members.get(name);
    if (member) return member;
  }
  return null;
}

/** Full names of the library classes that `type` inherits from. */
export const libraryBases = (type: ClassValue): string[] =>
  lineage(type).flatMap((c) => c.bases.flatMap((b) => (b.kind === 'external' ? [b.path] : [])));

const moduleBases = new Set([
  'torch.nn.Module',
  'torch.nn.modules.module.Module',
  'torch.nn.modules.Module',
  'torch.nn.Sequential',
  'torch.jit.ScriptModule',
  'pytorch_lightning.LightningModule',
  'pytorch_lightning.core.lightning.LightningModule',
  'lightning.LightningModule',
  'lightning.pytorch.LightningModule',
]);

/** True for an instance of a class that is a `torch.nn.Module`. */
export const isModule = (value: InstanceValue): boolean => libraryBases(value.type).some((path) => moduleBases.has(path));
