/** The shared SQL as PostgreSQL wants it: `$1` for `?1`, and a name under which each text is prepared. */

export interface PreparedText {
  readonly text: string;
  /** Unique for the text within this process; absent for a text without parameters, which is not worth preparing. */
  readonly name?: string;
}

/** Rewrites each text once. */
export function createTextCache(): (sql: string) => PreparedText {
  const texts = new Map<string, PreparedText>();
  return (sql) => {
    let prepared = texts.get(sql);
    if (prepared === undefined) {
      const text = sql.replace(/\?(\d+)/g, '$$$1');
      prepared = text === sql ? { text } : { text, name: `tegata_${texts.size}` };
      texts.set(sql, prepared);
    }
    return prepared;
  };
}
