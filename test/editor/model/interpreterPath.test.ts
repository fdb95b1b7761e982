import { describe, expect, it } from 'vitest';
import { interpreterPath } from '../../../src/editor/model/interpreterPath';

const surroundings = { folder: '/project', home: '/home/me', environment: { ENVS: '/envs' } };
const path = (own: string, theirs = '') => interpreterPath(own, theirs, surroundings);

describe('interpreterPath', () => {
  it('takes the own setting before that of the Python extension', () => {
    expect(path('/a/python', '/b/python')).toBe('/a/python');
    expect(path(' ', '/b/python')).toBe('/b/python');
  });

  it('takes no choice for none', () => {
    expect(path('', '')).toBeNull();
    expect(path('', 'python')).toBeNull();
  });

  it('puts in home, folder and environment', () => {
    expect(path('~/env/bin/python')).toBe('/home/me/env/bin/python');
    expect(path('${workspaceFolder}/.venv/bin/python')).toBe('/project/.venv/bin/python');
    expect(path('${env:ENVS}/torch/bin/python')).toBe('/envs/torch/bin/python');
  });

  it('counts relative paths from the folder, and leaves names to the search path', () => {
    expect(path('.venv/bin/python')).toBe('/project/.venv/bin/python');
    expect(path('python3.12')).toBe('python3.12');
    expect(path('C:\\Python\\python.exe')).toBe('C:\\Python\\python.exe');
    expect(interpreterPath('.venv/bin/python', '', { ...surroundings, folder: null })).toBe('.venv/bin/python');
  });
});
