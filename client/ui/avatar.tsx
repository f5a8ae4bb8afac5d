import { useState } from 'react';

/** The author's picture, from this server; nothing where there is none or where it cannot be drawn. */
export function Avatar({ path, size }: { path: string | null; size: number }) {
  const [broken, setBroken] = useState<string | null>(null);
  if (path === null || broken === path) return null;
  return (
    <img className="avatar" src={path} alt="" width={size} height={size} onError={() => setBroken(path)} />
  );
}
