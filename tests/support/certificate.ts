import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Files of a new key and its certificate for 127.0.0.1, signed by itself. */
export function certificateIn(folder: string): { key: string; cert: string } {
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const made = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=127.0.0.1';
  const files = ['-keyout', key, '-out', cert, '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', [...made.split(' '), ...files], { stdio: 'pipe' });
  return { key, cert };
}
