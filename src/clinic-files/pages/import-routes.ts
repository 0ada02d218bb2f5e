import { Router, type RequestHandler, type Request } from 'express';
import { z } from 'zod';
import { PortalError } from '../../platform/errors.js';
import { seeOther, showPage } from '../../platform/http/answers.js';
import { parseForm } from '../../platform/http/forms.js';
import { staffOf, staffRequests, type StaffDeps } from '../../staff/staff-requests.js';
import { UnreadableFile } from '../csv/file-problem.js';
import type { FileBytes } from '../csv/decode.js';
import type { ImportService } from '../import-service.js';
import type { ClinicImport } from '../import-types.js';
import { fileProblemText } from '../problem-texts.js';
import { importPage, importUrl, MOST_SHOWN, readNotice, SAMPLE, uploadPage } from './import-pages.js';

type Deps = StaffDeps & { service: ImportService; invitationsPerMinute: number };
type ToImport = Request<{ importId: string }>;

/** As many as a browser should send in one request; the command line reads larger files. */
const MOST_MEGABYTES = 20;
const MOST_BYTES = MOST_MEGABYTES * 1024 * 1024;
const noFields = z.object({});

/**
 * `/staff/clinics-import`: a file of clinics is checked, then confirmed, then the worker imports it. The file itself is
 * not stored: it is in memory while its rows are written down.
 */
export function importRoutes(deps: Deps): Router {
  const { service, accounts } = deps;
  const { changers, clockOf } = staffRequests(deps);
  const fresh = accounts.freshProofFor(importUrl);
  const freshForOne: RequestHandler<{ importId: string }> = (req, res, next) => {
    accounts.freshProofFor(`${importUrl}/${encodeURIComponent(req.params.importId)}`)(req, res, next);
  };

  async function importOf({ params: { importId } }: ToImport): Promise<ClinicImport> {
    const found = /^[\w-]{1,64}$/.test(importId) ? await service.find(importId) : undefined;
    if (!found) throw new PortalError('not_found');
    return found;
  }

  const showUpload = async (res: Parameters<RequestHandler>[1], error?: string) => {
    const page = uploadPage(
      { newest: await service.newest(), mostMegabytes: MOST_MEGABYTES, error },
      {
        t: res.locals.t,
        clock: clockOf(res),
      },
    );
    showPage(res, 'clinic-files/upload', page);
  };

  return Router()
    .get('/', changers, accounts.requireFreshProof, (_req, res) => showUpload(res))
    .post('/', changers, fresh, async (req, res) => {
      const { t, upload } = res.locals;
      parseForm(noFields, req.body);
      const read = (await upload?.read(MOST_BYTES)) ?? 'none';
      if (read === 'none') return showUpload(res.status(422), t.staff.clinicFiles.import.missing);
      if (read === 'too_large')
        return showUpload(res.status(413), fileProblemText({ code: 'too_big' }, t, MOST_MEGABYTES));
      const file: FileBytes = async function* () {
        for (const chunk of read) yield await Promise.resolve(chunk);
      };
      const { actor, origin } = staffOf(req, res);
      try {
        const facts = await service.survey(file, MOST_BYTES);
        const { id } = await service.store(file, facts, actor, origin);
        return void seeOther(res, `${importUrl}/${id}`);
      } catch (error) {
        if (!(error instanceof UnreadableFile)) throw error;
        return showUpload(res.status(422), fileProblemText(error.problem, t, MOST_MEGABYTES));
      }
    })
    .get('/:importId', changers, async (req: ToImport, res) => {
      const file = await importOf(req);
      const { mayManage } = staffOf(req as Request, res);
      const page = importPage(
        {
          file,
          counts: await service.counts(file.id),
          plan: await service.plan(file.id),
          sample: file.state === 'checked' ? await service.firstOf(file.id, 'created', SAMPLE) : [],
          refused: await service.refused(file.id, MOST_SHOWN),
          invitationsPerMinute: deps.invitationsPerMinute,
          mayChangeClinics: mayManage,
          notice: readNotice(req.query.notice, file.state),
        },
        { t: res.locals.t, clock: clockOf(res) },
      );
      showPage(res, 'clinic-files/import', page);
    })
    .post('/:importId/start', changers, freshForOne, async (req: ToImport, res) => {
      const file = await importOf(req);
      parseForm(noFields, req.body);
      const { actor, origin, mayManage } = staffOf(req as Request, res);
      // What a clinic is called is a setting, and only administrators change settings.
      if (!mayManage && (await service.plan(file.id)).changed > 0) throw new PortalError('forbidden');
      const isStarted = await service.start(file, actor, origin);
      seeOther(res, `${importUrl}/${file.id}${isStarted ? '?notice=started' : ''}`);
    })
    .post('/:importId/stop', changers, async (req: ToImport, res) => {
      const file = await importOf(req);
      parseForm(noFields, req.body);
      const { actor, origin } = staffOf(req as Request, res);
      const isStopped = await service.stop(file, actor, origin);
      seeOther(res, `${importUrl}/${file.id}${isStopped ? '?notice=stopped' : ''}`);
    });
}
