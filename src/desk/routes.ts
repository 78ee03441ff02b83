/** The desk's addresses. A month stands in them as YYYY-MM, a search as ?q=, an item by its id. */

import * as acts from './acts.ts'
import type { Reply, Visit } from './desk.ts'
import { businesses } from './pages/businesses.ts'
import { close, closeMonth, exportClose } from './pages/close.ts'
import { item } from './pages/item.ts'
import { lookUp, why } from './pages/look-up.ts'
import { business, month } from './pages/month.ts'
import { acceptLine, dismissLine, quarantine } from './pages/quarantine.ts'
import { rollForwardItems } from './pages/roll-forward-items.ts'
import { forget, rulings, verify } from './pages/rulings.ts'
import { refunds, tieOut } from './pages/tie-out.ts'

interface Route {
  method: 'GET' | 'POST'
  path: string
  show: (visit: Visit) => Promise<Reply>
}

const get = (path: string, show: Route['show']): Route => ({ method: 'GET', path, show })
const post = (path: string, show: Route['show']): Route => ({ method: 'POST', path, show })

export const ROUTES: readonly Route[] = [
  get('/', businesses),
  // the server signs the person out
  post('/sign-out', businesses),
  get('/b/:business', business),
  get('/b/:business/look-up', lookUp),
  get('/b/:business/why', why),
  get('/b/:business/quarantine', quarantine),
  post('/b/:business/quarantine/:id/accept', acceptLine),
  post('/b/:business/quarantine/:id/dismiss', dismissLine),
  get('/b/:business/rulings', rulings),
  post('/b/:business/rulings/:id/forget', forget),
  post('/b/:business/verify', verify),
  post('/b/:business/decide', acts.decideMany),
  get('/b/:business/item/:id', item),
  post('/b/:business/item/:id', acts.decideItem),
  post('/b/:business/item/:id/match', acts.match),
  post('/b/:business/item/:id/unmatch', acts.unmatch),
  post('/b/:business/item/:id/propose', acts.propose),
  post('/b/:business/item/:id/correction', acts.correct),
  get('/b/:business/:month', month),
  get('/b/:business/:month/tie-out', tieOut),
  get('/b/:business/:month/refunds', refunds),
  get('/b/:business/:month/roll-forward', rollForwardItems),
  get('/b/:business/:month/close', close),
  post('/b/:business/:month/close', closeMonth),
  get('/b/:business/:month/close/export', exportClose),
]
