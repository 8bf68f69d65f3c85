/**
 * Verbs that may open a function's name, in their base form. Words that are nouns more often than verbs
 * ("plan", "name", "state", "score", "test") are omitted on purpose: `planPage` is a noun phrase.
 */
const actions = `
accept acquire add admit advance align allocate analyze annotate announce append apply approximate ask assert assign
assume attach await back balance begin bind boot bound bracket break build bump cache calculate call cancel capture
carry cast catch change check choose chunk clamp classify clean clear clip clone close collapse collect color combine
commit compare compile complete compose compress compute concat concatenate configure confirm connect consume contain
continue convert copy correct count cover create cross cut debug decide declare decode decompress deduce deduplicate
defer define delete depend derive describe destroy detach detect determine diff discard disconnect discover dismiss
display distribute divide download drain draw drop dump embed emit emulate enable encode end enforce enqueue ensure
enter enumerate escape establish estimate evaluate evict exceed exclude exec execute exit expand expect explain expose
express extend extract fail fall fetch fill filter finalize find finish fit flatten flush fold follow forget fork
format forward freeze gather generate get give go group guard guess handle hang hash hide hold identify ignore
implement import include increase indent index infer inform init initialize inject insert inspect install interpolate
interpret interrupt intersect invert invoke issue iterate join judge keep kill label launch lay leave limit link list
listen load locate lock log look lookup lower make map mark mask match measure meet merge migrate minimize mock modify
monitor mount move multiply narrow need negate normalize note notify number obtain offer omit open order overlap
override own pack pad paint parse partition pass patch pause perform permute persist perturb pick pin place poll pop
post prefer prefill prepare prepend preserve print prioritize probe process produce prompt propose protect prove
provide provision prune publish pull push put query queue quote raise randomize rank reach read rebalance rebuild
receive recognize recompute reconcile record recover redact reduce refer refresh refuse register reject release reload
remember remove rename render reorder repair repeat replace reply report request require resample reserve reset
reshape resolve respond restart restore restrict resume retry return reuse reverse review revoke rewrite roll rotate
round route run sample satisfy save say scale scan schedule search seed seek select send separate serialize serve set
settle shard share shift show shrink shuffle shut sign simplify simulate skip sleep slice solve sort spawn split
spread start stay stop store stream strip submit subscribe subtract succeed suggest sum summarize supervise support
suppress suspend swap switch synchronize take tally tell terminate throw tokenize total touch trace track train
transfer transform translate trim truncate try turn unescape unify uninstall unlock unmount unpack unregister unset
unwrap update upgrade upload use validate verify visit wait walk warn watch weigh widen win wire withdraw work wrap
write yield zip
`;

/** Openings of predicates: functions that return true or false. */
const predicates =
  "is are was were has have had can could may must should will would does do did needs allows accepts affects";

export const verbs: ReadonlySet<string> = new Set(
  `${actions} ${predicates}`.split(/\s+/).filter((word) => word !== ""),
);
