import type { Db } from '../../database/connect.ts'
import { html, type Markup } from '../../report/html/markup.ts'

export const rollForward = async (_db: Db, _business_id: string, _month: string): Promise<Markup> => html``
