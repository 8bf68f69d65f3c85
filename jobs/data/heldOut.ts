/**
 * Articles of the Universal Declaration of Human Rights that no corpus contains: the benchmarks of the miniature
 * are made from them. They have several paragraphs each and speak of movement, belief, government, work,
 * schooling and culture, so that there is something to tell apart.
 */
export const heldOutArticles = [13, 18, 21, 23, 26, 27] as const;
