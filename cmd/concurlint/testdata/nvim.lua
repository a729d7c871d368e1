-- Drives the language server from Neovim: opens a file, waits for the finding,
-- asks what it means, applies the fix, saves, and waits for the finding to go away.
-- Arguments are in the environment: PROGRAM, DIR (of the module), FILE.
-- It works with Neovim 0.7 and later.

local function fail(message)
  io.stderr:write("FAIL: " .. message .. "\n")
  vim.cmd("cquit 1")
end

local function await(what, holds)
  if not vim.wait(60000, holds, 50) then
    fail("waited for " .. what .. "; diagnostics: " .. vim.inspect(vim.diagnostic.get(0)))
  end
end

local function run()
  vim.o.swapfile = false
  vim.cmd("edit " .. vim.fn.fnameescape(vim.env.FILE))
  local config = {
    name = "concurlint",
    cmd = { vim.env.PROGRAM, "lsp" },
    root_dir = vim.env.DIR,
    settings = { concurlint = { checks = { gospawn = false } } },
  }
  local id
  if vim.lsp.start then -- since 0.8
    id = vim.lsp.start(config)
  else
    id = vim.lsp.start_client(config)
    vim.lsp.buf_attach_client(0, id)
  end

  await("the finding", function() return #vim.diagnostic.get(0) == 1 end)
  local found = vim.diagnostic.get(0)[1]
  if found.source ~= "concurlint" or found.lnum ~= 9 or found.col ~= 3 then
    fail("finding: " .. vim.inspect(found))
  end
  vim.api.nvim_win_set_cursor(0, { found.lnum + 1, found.col })

  local answers = vim.lsp.buf_request_sync(0, "textDocument/hover", vim.lsp.util.make_position_params(0, "utf-16"), 10000)
  local hover = answers and answers[id] and answers[id].result
  if not hover or not hover.contents.value:find("wgadd", 1, true) then
    fail("hover: " .. vim.inspect(answers))
  end

  vim.ui.select = function(items, _, choose) choose(items[1]) end
  vim.lsp.buf.code_action()
  await("the fix", function()
    local lines = vim.api.nvim_buf_get_lines(0, 0, -1, false)
    return lines[9] == "\t\twg.Go(func() {" and lines[10] == "\t\t\tf()"
  end)
  vim.cmd("write")
  await("the finding to go away", function() return #vim.diagnostic.get(0) == 0 end)
  vim.lsp.stop_client(id)
  await("the end of the server", function() return vim.lsp.client_is_stopped(id) end)
end

local ok, err = pcall(run)
if not ok then
  fail(tostring(err))
end
vim.cmd("qall!")
