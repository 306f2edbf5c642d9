/** Every migration in order; a new one goes to the end and none is ever edited or removed. */
import { initial } from './0001-initial.ts';
import type { Migration } from './migration.ts';

export const migrations: readonly Migration[] = [initial];
