import { useEffect } from 'react';
import { Button } from './button.tsx';
import { loadFloatingParts, useFloatingParts } from './floating/load-parts.ts';
import type { DialogProps } from './floating/props.ts';

export type { DialogProps };

export function Dialog(props: DialogProps) {
  const parts = useFloatingParts();
  const { open } = props;
  useEffect(() => {
    if (open) loadFloatingParts();
  }, [open]);
  return parts ? <parts.Dialog {...props} /> : null;
}

export interface ConfirmDialogProps {
  readonly title: string;
  readonly description: string;
  readonly confirmLabel: string;
  readonly danger?: boolean;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onConfirm: () => void;
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  const { confirmLabel, danger = false, onConfirm, onOpenChange, ...rest } = props;
  return (
    <Dialog
      {...rest}
      onOpenChange={onOpenChange}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button
            variant={danger ? 'danger' : 'primary'}
            onClick={() => {
              onOpenChange(false);
              onConfirm();
            }}
          >
            {confirmLabel}
          </Button>
        </>
      }
    />
  );
}
