package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// analyzerPlugin is the kind under which the CLI starts a policy pack.
const analyzerPlugin = "analyzer"

// RunPlugin starts a policy pack that is written for Node.js and streams what it writes; the first line of its standard
// output tells the CLI where to connect. It ends with the request, by which the CLI stops a pack.
func (h *nodeHost) RunPlugin(
	req *pulumirpc.RunPluginRequest, server grpc.ServerStreamingServer[pulumirpc.RunPluginResponse],
) error {
	if req.GetKind() != analyzerPlugin {
		return status.Errorf(codes.Unimplemented, "plugins of kind %q are not run by this language host", req.GetKind())
	}
	pack := req.GetInfo().GetProgramDirectory()
	script, err := locateModule(server.Context(), "@pulumi/pulumi/cmd/run-policy-pack", pack)
	if err != nil {
		return err
	}
	closer, stdout, stderr, err := rpcutil.MakeRunPluginStreams(server, false)
	if err != nil {
		return fmt.Errorf("streams of the policy pack: %w", err)
	}
	defer closer.Close()

	// As the official host does: the arguments of the CLI, then the pack, which is also the working directory.
	args := append([]string{script}, req.GetArgs()...)
	cmd := exec.CommandContext(server.Context(), "node", append(args, pack)...)
	cmd.Dir = pack
	cmd.Env = req.GetEnv()
	cmd.Stdout, cmd.Stderr = stdout, stderr
	return sendExitCode(server, cmd.Run())
}

// locateModule looks into the node_modules of a folder, and asks Node.js, which takes longer, for those above.
func locateModule(ctx context.Context, module, folder string) (string, error) {
	own := filepath.Join(folder, "node_modules", filepath.FromSlash(module))
	if _, err := os.Stat(own); err == nil {
		return own, nil
	}
	script := `process.stdout.write(require.resolve(process.argv[1], { paths: [process.argv[2]] }))`
	out, err := exec.CommandContext(ctx, "node", "--eval", script, module, folder).Output()
	if err != nil {
		return "", fmt.Errorf("%s is not installed for %s: run `npm ci`", module, folder)
	}
	return strings.TrimSpace(string(out)), nil
}

func sendExitCode(server grpc.ServerStreamingServer[pulumirpc.RunPluginResponse], err error) error {
	var exit *exec.ExitError
	switch {
	case err == nil:
	case errors.As(err, &exit) && exit.Exited():
		return server.Send(&pulumirpc.RunPluginResponse{
			Output: &pulumirpc.RunPluginResponse_Exitcode{Exitcode: int32(exit.ExitCode())}, //nolint:gosec // at most 255
		})
	case server.Context().Err() != nil:
		// The CLI has stopped the pack: nobody waits for an answer.
	default:
		return fmt.Errorf("could not run the policy pack: %w", err)
	}
	return nil
}
