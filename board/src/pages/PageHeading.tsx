import { type ReactNode, useEffect } from "react";

interface PageHeadingProps {
  readonly title: string;
  readonly text: string;
  readonly children?: ReactNode;
}

export function PageHeading({ title, text, children }: PageHeadingProps) {
  useEffect(() => {
    document.title = `${title} – Glasshouse`;
  }, [title]);
  return (
    <div className="title-bar">
      <div>
        <h1>{title}</h1>
        <p>{text}</p>
      </div>
      <div className="toolbar">{children}</div>
    </div>
  );
}
