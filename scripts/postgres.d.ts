export const noPostgres: string;
export function findPostgres(env: Record<string, string | undefined>): string | undefined;
export type Postgres = {
  url: string;
  stop: () => Promise<void>;
  restart: (how?: 'fast' | 'immediate') => Promise<void>;
};
export function startPostgres(): Promise<Postgres>;
