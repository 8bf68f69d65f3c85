/** An image by digest, or one that setup built, whose tag is a hash of its sources. */
export const pinnedImagePattern = /@sha256:[0-9a-f]{64}$|^mixcpt\.local\/[a-z-]+:[0-9a-f]{12}$/;

/** The stand-in for an image that setup builds, in renderings that need no toolchain. */
export const unbuiltImagePattern = /^mixcpt\.local\/[a-z-]+:as-built$/;
