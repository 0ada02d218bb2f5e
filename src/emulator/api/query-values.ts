import type { Request } from 'express';
import { apiErrors, type ApiError } from './api-errors.js';

/** A repeated key is a list. */
export function listOf(req: Pick<Request, 'query'>, name: string): string[] {
  const value = req.query[name];
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((one): one is string => typeof one === 'string' && one !== '');
}

export const firstOf = (req: Pick<Request, 'query'>, name: string): string | undefined => listOf(req, name)[0];

export type Page = { page: number; perPage: number };

/** The maximum of 1000 records per page is assumed. */
export function pageOf(req: Pick<Request, 'query'>): Page | ApiError {
  const page = Number(firstOf(req, 'page') ?? 1);
  const perPage = Number(firstOf(req, 'perPage') ?? 100);
  if (!Number.isInteger(page) || page < 1) return apiErrors.parameterInvalid('page');
  if (!Number.isInteger(perPage) || perPage < 1 || perPage > 1000) return apiErrors.parameterInvalid('perPage');
  return { page, perPage };
}

/** Builds `records`, `paging` and `navigation`; `address` returns the link to a page. */
export function paged<T>(all: readonly T[], { page, perPage }: Page, address: (page: number) => string) {
  const totalPages = Math.max(1, Math.ceil(all.length / perPage));
  const start = (page - 1) * perPage;
  const records = all.slice(start, start + perPage);
  const pageEnd = Math.max(start, start + records.length - 1);
  const link = (to: number) => ({ uri: address(to) });
  return {
    records,
    paging: { page, totalPages, perPage, totalElements: all.length, pageStart: start, pageEnd },
    navigation: {
      firstPage: link(1),
      ...(page > 1 ? { previousPage: link(page - 1) } : {}),
      ...(page < totalPages ? { nextPage: link(page + 1) } : {}),
      lastPage: link(totalPages),
    },
  };
}
