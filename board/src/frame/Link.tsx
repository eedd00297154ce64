import type { AnchorHTMLAttributes } from "react";
import { navigate } from "../address/useAddress";

/** A link that stays in the page, unless it is opened in a new tab or leads elsewhere. */
export function Link({ href = "", onClick, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement>) {
  return (
    <a
      {...rest}
      href={href}
      onClick={(event) => {
        onClick?.(event);
        const isPlain =
          event.button === 0 &&
          !event.metaKey &&
          !event.ctrlKey &&
          !event.shiftKey &&
          !event.altKey;
        if (isPlain && href.startsWith("/") && rest.target !== "_blank") {
          event.preventDefault();
          navigate(href);
        }
      }}
    />
  );
}
