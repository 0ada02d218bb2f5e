export function findBrowser(env: Record<string, string | undefined>, need?: { whole?: boolean }): string | undefined;
