import { expect, type Locator, type Page } from '@playwright/test';

/** The chat, in the user's words. */
export class ChatPage {
  readonly page: Page;
  readonly composer: Locator;
  readonly answers: Locator;

  constructor(page: Page) {
    this.page = page;
    this.composer = page.getByRole('textbox', { name: 'Your question' });
    this.answers = page.getByRole('article', { name: 'Answer' });
  }

  async open(): Promise<void> {
    await this.page.goto('/chat');
    await expect(this.composer).toBeVisible();
  }

  /** Types and sends; waits for the answer's place, not for the answer: the last answer is then this question's. */
  async ask(question: string): Promise<void> {
    const before = await this.answers.count();
    await this.composer.fill(question);
    await this.composer.press('Enter');
    await expect(this.answers).toHaveCount(before + 1);
  }

  get lastAnswer(): Locator {
    return this.answers.last();
  }

  /** Waits until the last answer has ended well. */
  async answered(): Promise<string> {
    await expect(this.lastAnswer).toHaveAttribute('data-status', 'complete', { timeout: 120_000 });
    return (await this.lastAnswer.textContent()) ?? '';
  }

  async newChat(): Promise<void> {
    await this.page.getByRole('button', { name: 'New chat' }).click();
    await expect(this.answers).toHaveCount(0);
  }

  /** A chat in the list, by its title. */
  thread(title: string): Locator {
    return this.page.getByRole('button', { name: title, exact: true });
  }

  async openThread(title: string): Promise<void> {
    await this.thread(title).click();
    await expect(this.page.getByRole('heading', { name: title })).toBeVisible();
  }

  /** Switches a collection on for this chat. */
  async answerFrom(collection: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Documents', exact: true }).click();
    const choice = this.page.getByRole('switch', { name: collection });
    await choice.click();
    await expect(choice).toBeChecked();
    await this.page.keyboard.press('Escape');
  }

  /** A preset of the sampling, in the inspector. */
  async useStyle(label: string): Promise<void> {
    await this.page.getByLabel('Style').selectOption({ label });
  }
}
