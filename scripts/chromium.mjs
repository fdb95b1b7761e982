// Finds the Chromium that the tests on the screen use, or installs it: from Debian's packages, when that can be done.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable'];

/** The path of a Chromium; installs one as root on Debian; else says how to get one and ends the process. */
export function ensureChromium() {
  const chosen = process.env.CHROME;
  if (chosen) return chosen;
  const found = () => places.find((path) => existsSync(path));
  if (!found() && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('Installing Chromium from the distribution, for the tests on the screen.');
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit' });
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  }
  const path = found();
  if (path) return path;
  console.error(
    'The tests on the screen need Chromium. Install it (on Debian: apt install chromium), or set CHROME to its path.',
  );
  process.exit(1);
}
