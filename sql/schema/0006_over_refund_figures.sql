-- An over-refund stands in worklists with what was too much, no longer with all that went back: the next night notes it anew.

update discrepancy set words = null where code = 'OVER_REFUND' and status <> 'cleared';
